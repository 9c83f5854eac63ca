import { describe, expect, test } from 'vitest'
import { type ClientQuota, entityKey, quotaLimit } from '../../../../broker/security/quota/client-quota.ts'
import { ClientQuotas } from '../../../../broker/security/quota/client-quotas.ts'
import { parseQuotaEntity, quotaValueFault } from '../../../../broker/security/quota/validate-quota.ts'

type Pairs = readonly (readonly [string, string | null])[]

function quotas(...entries: readonly (readonly [Pairs, number])[]): Map<string, ClientQuota> {
  return new Map(
    entries.map(([pairs, limit]) => {
      const entity = new Map(pairs)
      return [entityKey(entity), { entity, values: new Map([['producer_byte_rate', limit]]) }]
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
})
