import { describe, expect, test } from 'vitest'
import { type ClientQuota, entityKey, quotaLimit } from '../../../../broker/security/quota/client-quota.ts'
import { ClientQuotas } from '../../../../broker/security/quota/client-quotas.ts'
import { parseQuotaEntity, quotaValueFault } from '../../../../broker/security/quota/validate-quota.ts'

type Pairs = readonly (readonly [string, string | null])[]

function quotas(...entries: readonly (readonly [Pairs, number, name?: string])[]): Map<string, ClientQuota> {
  return new Map(
    entries.map(([pairs, limit, name = 'producer_byte_rate']) => {
      const entity = new Map(pairs)
      return [entityKey(entity), { entity, values: new Map([[name, limit]]) }]
    }),
  )
}

describe('precedence', () => {
  const ranks: readonly Pairs[] = [
    [['client-id', null]],
    [['client-id', 'c']],
    [['user', null]],
    [
      ['user', null],
      ['client-id', null],
    ],
    [
      ['client-id', 'c'],
      ['user', null],
    ],
    [['user', 'u']],
    [
      ['user', 'u'],
      ['client-id', null],
    ],
    [
      ['user', 'u'],
      ['client-id', 'c'],
    ],
  ]

  test('each of the eight goes before those below it', () => {
    for (const count of ranks.keys()) {
      const set = quotas(...ranks.slice(0, count + 1).map((pairs, index) => [pairs, index + 1] as const))
      expect(quotaLimit(set, 'producer_byte_rate', 'u', 'c')?.limit).toBe(count + 1)
    }
  })

  test('a quota of another name or entity does not count', () => {
    const set = quotas([[['user', 'x']], 5])
    expect(quotaLimit(set, 'producer_byte_rate', 'u', 'c')).toBeUndefined()
    expect(quotaLimit(set, 'consumer_byte_rate', 'x', 'c')).toBeUndefined()
  })
})

describe('throttling', () => {
  const at = (set: Map<string, ClientQuota>, clock: { nowMs: number }) =>
    new ClientQuotas({
      quotas: () => set,
      window: () => ({ count: 11, sampleMs: 1000 }),
      nowMs: () => clock.nowMs,
    })
  const client = { user: 'u', clientId: 'c' }

  test('ten seconds of the rate are free at first; what is above is waited for', () => {
    const clock = { nowMs: 1_000_000 }
    const quota = at(quotas([[['client-id', 'c']], 1000]), clock)
    expect(quota.record('producer_byte_rate', client, 10_000)).toBe(0)
    expect(quota.record('producer_byte_rate', client, 5000)).toBe(5000)
    clock.nowMs += 5000
    expect(quota.record('producer_byte_rate', client, 0)).toBe(5000)
    clock.nowMs += 6000
    expect(quota.record('producer_byte_rate', client, 1000)).toBe(0)
  })

  test('users of a client id share its quota, a user and client id of their own do not', () => {
    const clock = { nowMs: 0 }
    const shared = at(quotas([[['client-id', null]], 1000]), clock)
    shared.record('producer_byte_rate', client, 11_000)
    expect(shared.record('producer_byte_rate', { user: 'v', clientId: 'c' }, 1)).toBeGreaterThan(0)
    expect(shared.record('producer_byte_rate', { user: 'u', clientId: 'd' }, 1)).toBe(0)
  })

  test('a clock that jumps either way neither blocks nor frees for long', () => {
    const clock = { nowMs: 1_000_000 }
    const quota = at(quotas([[['user', null]], 1000]), clock)
    quota.record('producer_byte_rate', client, 20_000)
    clock.nowMs = 0
    expect(quota.record('producer_byte_rate', client, 1000)).toBe(0)
    clock.nowMs = 10 ** 12
    expect(quota.record('producer_byte_rate', client, 1000)).toBe(0)
  })
})

describe('changes of topics', () => {
  const clock = { nowMs: 0 }
  const limited = (limit: number) =>
    new ClientQuotas({
      quotas: () => quotas([[['client-id', 'c']], limit, 'controller_mutation_rate']),
      window: () => ({ count: 11, sampleMs: 1000 }),
      nowMs: () => clock.nowMs,
    })
  const client = { user: 'u', clientId: 'c' }

  test('a burst of the window is free and may be overdrawn once; then strict requests are refused', () => {
    clock.nowMs = 5000
    const all = limited(1)
    const first = all.mutations(client, true)
    expect([first.take(8), first.take(8), first.throttleMs]).toEqual([true, true, 0])
    const second = all.mutations(client, true)
    expect([second.take(1), second.throttleMs]).toEqual([false, 5000])
    clock.nowMs += 5000
    expect(all.mutations(client, true).take(1)).toBe(true)
  })

  test('others are carried out, and wait', () => {
    clock.nowMs = 0
    const quota = limited(2).mutations(client, false)
    expect([quota.take(22), quota.throttleMs]).toEqual([true, 0])
    expect([quota.take(3), quota.throttleMs]).toEqual([true, 1500])
  })

  test('without a limit nobody waits', () => {
    const quota = limited(1).mutations({ user: 'u', clientId: 'd' }, true)
    expect([quota.take(1000), quota.take(1000), quota.throttleMs]).toEqual([true, true, 0])
  })

  test('no bucket outlives its use', () => {
    const everybody = new ClientQuotas({
      quotas: () => quotas([[['client-id', null]], 1, 'controller_mutation_rate']),
      window: () => ({ count: 11, sampleMs: 1000 }),
      nowMs: () => clock.nowMs,
    })
    for (let index = 0; index < 5000; index++) {
      clock.nowMs += 1000
      everybody.mutations({ user: 'u', clientId: `c${index}` }, true).take(1)
    }
    expect(everybody.bucketCount).toBeLessThanOrEqual(1000)
  })
})

describe('new connections of an address', () => {
  test('above its rate are held off and do not count', () => {
    const clock = { nowMs: 0 }
    const all = new ClientQuotas({
      quotas: () =>
        quotas(
          [[['ip', null]], 100, 'connection_creation_rate'],
          [[['ip', '1.2.3.4']], 2, 'connection_creation_rate'],
        ),
      window: () => ({ count: 11, sampleMs: 1000 }),
      nowMs: () => clock.nowMs,
    })
    const open = (count: number, ip: string) =>
      Array.from({ length: count }, () => all.connectionThrottleMs(ip)).filter((delayMs) => delayMs > 0)
    expect(open(20, '1.2.3.4')).toEqual([])
    expect(open(3, '1.2.3.4')).toEqual([500, 500, 500])
    expect(open(100, '1.2.3.5')).toEqual([])
    clock.nowMs += 11_000
    expect(open(20, '1.2.3.4')).toEqual([])
  })
})

describe('what may be set', () => {
  const part = (entityType: string, entityName: string | null) => ({ entityType, entityName })

  test.each([
    [[], 'Invalid empty client quota entity'],
    [[part('user', 'a'), part('user', 'b')], 'Invalid client quota entity, duplicate entity entry user'],
    [[part('group', 'a')], 'Unhandled client quota entity type: group'],
    [[part('user', '')], 'Empty user not supported'],
    [
      [part('ip', '1.2.3.4'), part('user', 'a')],
      'Invalid quota entity combination, IP entity should not be combined with User or ClientId',
    ],
    [[part('ip', 'x y')], 'x y is not a valid IP or resolvable host.'],
  ])('%j is no entity', (parts, message) => expect(parseQuotaEntity(parts)).toBe(message))

  test.each([
    ['nonsense', 1, 'Invalid configuration key nonsense'],
    ['producer_byte_rate', 0, 'Quota producer_byte_rate must be greater than 0'],
    ['producer_byte_rate', 1.5, 'producer_byte_rate must be a Long value'],
    ['request_percentage', 1.5, undefined],
  ])('%s=%d: %s', (key, value, message) =>
    expect(quotaValueFault(new Map([['user', 'a']]), key, value)).toBe(message),
  )

  test.each([
    ['connection_creation_rate', 0, 'Quota connection_creation_rate must be greater than 0'],
    ['connection_creation_rate', 1.5, 'connection_creation_rate cannot be a fractional value.'],
    ['producer_byte_rate', 1, 'Invalid configuration key producer_byte_rate'],
    ['connection_creation_rate', 5, undefined],
  ])('of an address %s=%d: %s', (key, value, message) =>
    expect(quotaValueFault(new Map([['ip', null]]), key, value)).toBe(message),
  )
})
