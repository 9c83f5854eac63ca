import { Consumer } from '@platformatic/kafka'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Broker, startBroker } from '../../../broker/index.ts'
import { dataOf, openLive, startDashboard } from './dashboard.ts'

type Dashboard = Awaited<ReturnType<typeof startDashboard>>
let broker: Broker
let dashboard: Dashboard
let cluster: string

// The same broker once over the host channel and once as a stranger, over the Kafka protocol alone.
describe.each(['embedded', 'external'] as const)('%s', (kind) => {
  beforeAll(async () => {
    broker = await startBroker({ port: 0 })
    const bootstrap = [broker.address]
    dashboard = await startDashboard(kind === 'embedded' ? { kind, broker } : { kind, bootstrap })
    cluster = dashboard.cluster.id
  }, 30_000)

  afterAll(async () => {
    await dashboard?.[Symbol.asyncDispose]()
    await broker?.close()
  })

  describe('topics', () => {
    test('the life of a topic', async () => {
      const params = { cluster, topic: 'life' }
      const body = { name: 'life', partitions: 2, configs: { 'retention.ms': '60000' } }
      await dashboard.call('POST /api/clusters/{cluster}/topics', { params: { cluster }, body })
      await expect(
        dashboard.call('POST /api/clusters/{cluster}/topics', { params: { cluster }, body }),
      ).rejects.toMatchObject({ status: 409, code: 'TOPIC_ALREADY_EXISTS' })
      await dashboard.call('POST /api/clusters/{cluster}/topics/{topic}/partitions', {
        params,
        body: { partitions: 5 },
      })
      const { topic } = await dashboard.call('GET /api/clusters/{cluster}/topics/{topic}', { params })
      expect(topic.partitions).toHaveLength(5)
      const patched = await dashboard.call('PATCH /api/clusters/{cluster}/topics/{topic}/configs', {
        params,
        body: { changes: { 'retention.ms': null, 'max.message.bytes': '2000' } },
      })
      const byName = new Map(patched.configs.map((config) => [config.name, config]))
      expect(byName.get('retention.ms')).toMatchObject({ isSet: false, value: '604800000' })
      expect(byName.get('max.message.bytes')).toMatchObject({ isSet: true, value: '2000', type: 'INT' })
      await dashboard.call('POST /api/clusters/{cluster}/topics/{topic}/clone', {
        params,
        body: { name: 'life-2' },
      })
      const clone = { cluster, topic: 'life-2' }
      const { configs } = await dashboard.call('GET /api/clusters/{cluster}/topics/{topic}/configs', {
        params: clone,
      })
      expect(configs.filter(({ isSet }) => isSet).map(({ name }) => name)).toEqual(['max.message.bytes'])
      for (const each of [params, clone]) {
        await dashboard.call('DELETE /api/clusters/{cluster}/topics/{topic}', { params: each })
      }
      await expect(
        dashboard.call('GET /api/clusters/{cluster}/topics/{topic}', { params }),
      ).rejects.toMatchObject({
        status: 404,
      })
    })

    test('a wrong form says which field', async () => {
      const body = { name: 'no spaces', partitions: 0.5 }
      const failure = dashboard.call('POST /api/clusters/{cluster}/topics', { params: { cluster }, body })
      await expect(failure).rejects.toMatchObject({
        status: 400,
        fields: [{ path: 'name' }, { path: 'partitions' }],
      })
    })
  })

  describe('records', () => {
    let params: { cluster: string; topic: string }
    // Young enough that retention leaves them alone.
    const firstTimestamp = Date.now() - 3_600_000

    beforeAll(async () => {
      params = { cluster, topic: 'records' }
      const body = { name: 'records', partitions: 3 }
      await dashboard.call('POST /api/clusters/{cluster}/topics', { params: { cluster }, body })
      for (const [turn, compression] of (['none', 'gzip', 'snappy', 'lz4', 'zstd'] as const).entries()) {
        const records = Array.from({ length: 20 }, (_, i) => ({
          key: `k${i % 4}`,
          value: JSON.stringify({ n: turn * 20 + i, compression }),
          headers: [{ key: 'turn', value: String(turn) }],
          timestamp: firstTimestamp + (turn * 20 + i) * 1_000,
        }))
        await dashboard.call('POST /api/clusters/{cluster}/topics/{topic}/records', {
          params,
          body: { records, compression },
        })
      }
    })

    test('their number is exact where the broker knows that each offset is one', async () => {
      const { topic } = await dashboard.call('GET /api/clusters/{cluster}/topics/{topic}', { params })
      const precision = kind === 'embedded' ? 'exact' : 'estimate'
      expect(topic.precision).toBe(precision)
      expect(topic.partitions.map((partition) => partition.precision)).toEqual([
        precision,
        precision,
        precision,
      ])
      const { topics } = await dashboard.call('GET /api/clusters/{cluster}/topics', {
        params: { cluster },
      })
      expect(topics.precision[topics.name.indexOf('records')]).toBe(precision)
    })

    const numbers = (records: { value: { text: string } }[]) =>
      records.map(({ value }) => (JSON.parse(value.text) as { n: number }).n)

    test('all partitions merge in time order, and pages meet without gap or repeat', async () => {
      const seen: number[] = []
      let query: { position: 'newest' | 'cursor'; limit: number; cursor?: string } = {
        position: 'newest',
        limit: 30,
      }
      for (let pages = 0; pages < 10; pages++) {
        const page = await dashboard.call('GET /api/clusters/{cluster}/topics/{topic}/records', {
          params,
          query,
        })
        seen.push(...numbers(page.records))
        if (page.next === null) break
        query = { position: 'cursor', limit: 30, cursor: page.next }
      }
      expect(seen).toEqual(Array.from({ length: 100 }, (_, i) => 99 - i))
    })

    test('a page leads back to the one before', async () => {
      const get = (query: object) =>
        dashboard.call('GET /api/clusters/{cluster}/topics/{topic}/records', { params, query })
      const first = await get({ position: 'oldest', limit: 10 })
      const second = await get({ position: 'cursor', cursor: first.next, limit: 10 })
      const back = await get({ position: 'cursor', cursor: second.previous, limit: 10 })
      expect(numbers(second.records)).toEqual(Array.from({ length: 10 }, (_, i) => 10 + i))
      expect(numbers(back.records)).toEqual(numbers(first.records))
      expect(first.previous).toBeNull()
    })

    test('from a time on', async () => {
      const query = { position: 'time', timestamp: firstTimestamp + 55_000, limit: 5 } as const
      const page = await dashboard.call('GET /api/clusters/{cluster}/topics/{topic}/records', {
        params,
        query,
      })
      expect(numbers(page.records)).toEqual([55, 56, 57, 58, 59])
    })

    test('export streams all as JSON and CSV', async () => {
      const url = `${dashboard.baseUrl}/api/clusters/${cluster}/topics/records/export?position=oldest`
      const json = (await (await fetch(url)).json()) as { value: { n: number } }[]
      expect(json.map(({ value }) => value.n)).toEqual(Array.from({ length: 100 }, (_, i) => i))
      const csv = await (
        await fetch(`${url}&format=csv&filter=${encodeURIComponent('cel:value.n >= 97')}`)
      ).text()
      expect(csv.trim().split('\r\n')).toHaveLength(4)
    })

    test('what moves with more partitions', async () => {
      const preview = await dashboard.call('GET /api/clusters/{cluster}/topics/{topic}/partition-preview', {
        params,
        query: { partitions: 7 },
      })
      expect(preview).toMatchObject({ recordsScanned: 100, complete: true, keys: 4, keysPlacedByMurmur2: 4 })
      expect(preview.keysMoved).toBe(preview.moves.length)
    })

    test('a search tells its hits and its end', async () => {
      using live = await openLive(dashboard.baseUrl)
      const filter = { kind: 'cel', expression: 'value.n % 25 == 0' } as const
      live.subscribe(1, { channel: 'search', cluster, topic: 'records', filter })
      await live.until((message) => message.type === 'end')
      const records = live.messages.flatMap((message) => dataOf(message, 'search')?.records ?? [])
      expect(numbers(records).sort((a, b) => a - b)).toEqual([0, 25, 50, 75])
      const last = live.messages
        .map((message) => dataOf(message, 'search'))
        .findLast((data) => data !== undefined)
      expect(last!.progress).toMatchObject({ state: 'done', recordsScanned: 100, recordsTotal: 100, hits: 4 })
    })

    test('a tail shows what comes from now on, filtered', async () => {
      using live = await openLive(dashboard.baseUrl)
      const filter = { kind: 'text', text: 'wanted' } as const
      live.subscribe(1, { channel: 'tail', cluster, topic: 'records', filter })
      await live.until((message) => message.type === 'snapshot')
      // The tail begins at the end as the broker says it; until then a record may come too early for it.
      const produce = () =>
        dashboard.call('POST /api/clusters/{cluster}/topics/{topic}/records', {
          params,
          body: { records: [{ value: 'other' }, { value: 'wanted' }] },
        })
      const found = live.until((message) => (dataOf(message, 'tail')?.records.length ?? 0) > 0)
      const again = setInterval(() => void produce(), 200)
      const message = await found
      clearInterval(again)
      expect(dataOf(message, 'tail')!.records.every(({ value }) => value.text === 'wanted')).toBe(true)
    })
  })

  describe('groups', () => {
    test('lag appears, melts, and can be made again', async () => {
      const params = { cluster, topic: 'lagging' }
      const body = { name: 'lagging', partitions: 1 }
      await dashboard.call('POST /api/clusters/{cluster}/topics', { params: { cluster }, body })
      const produce = (count: number) =>
        dashboard.call('POST /api/clusters/{cluster}/topics/{topic}/records', {
          params,
          body: { records: Array.from({ length: count }, (_, i) => ({ value: `v${i}` })) },
        })
      await produce(10)
      const consumer = new Consumer({
        groupId: 'readers',
        clientId: 'reader',
        bootstrapBrokers: [broker.address],
      })
      const stream = await consumer.consume({ topics: ['lagging'], mode: 'earliest', autocommit: false })
      const reading = stream[Symbol.asyncIterator]()
      for (let read = 0; read < 10; read++) await reading.next()
      await consumer.commit({ offsets: [{ topic: 'lagging', partition: 0, offset: 4n, leaderEpoch: 0 }] })

      using live = await openLive(dashboard.baseUrl)
      live.subscribe(1, { channel: 'groups', cluster })
      const lagOf = (message: Parameters<typeof dataOf>[0]) =>
        dataOf(message, 'groups')?.groups.find(({ groupId }) => groupId === 'readers')?.lag
      await live.until((message) => lagOf(message) === 6)
      await produce(5)
      await live.until((message) => lagOf(message) === 11)
      await consumer.commit({ offsets: [{ topic: 'lagging', partition: 0, offset: 15n, leaderEpoch: 0 }] })
      await live.until((message) => lagOf(message) === 0)

      const group = { cluster, group: 'readers' }
      const reset = { target: { to: 'shift', by: -5 } as const }
      const dry = await dashboard.call('POST /api/clusters/{cluster}/groups/{group}/reset-offsets', {
        params: group,
        body: reset,
      })
      expect(dry).toMatchObject({
        applied: false,
        partitions: [{ currentOffset: 15, newOffset: 10, lagAfter: 5 }],
      })
      expect(dry.blocked).toContain('1 active member')
      expect(dry.command).toContain('--shift-by -5')
      await stream.close()
      await consumer.close(true)
      const done = await dashboard.call('POST /api/clusters/{cluster}/groups/{group}/reset-offsets', {
        params: group,
        body: { ...reset, dryRun: false },
      })
      expect(done).toMatchObject({ applied: true, blocked: null })
      await live.until((message) => lagOf(message) === 5)
      live.subscribe(2, { channel: 'group', cluster, group: 'readers' })
      await live.until(
        (message) => dataOf(message, 'group')?.steps.some((step) => step.kind === 'left') ?? false,
      )
      const { steps, precision } = await dashboard.call(
        'GET /api/clusters/{cluster}/groups/{group}/rebalances',
        {
          params: group,
        },
      )
      const exact = ['joined', 'rebalanceStarted', 'assigned', 'left']
      expect(precision).toBe(kind === 'embedded' ? 'exact' : 'estimate')
      // From outside only what differs between two looks is known.
      const expected = kind === 'embedded' ? exact : ['left']
      expect(steps.map((step) => step.kind)).toEqual(expect.arrayContaining(expected))
      await dashboard.call('DELETE /api/clusters/{cluster}/groups/{group}', { params: group })
      await live.until((message) => {
        const data = dataOf(message, 'groups')
        return data !== undefined && 'removed' in data && data.removed.includes('readers')
      })
    })
  })

  describe.runIf(kind === 'embedded')('what only the embedded broker can tell', () => {
    test('connections with their last requests', async () => {
      const { clients, precision } = await dashboard.call('GET /api/clusters/{cluster}/clients', {
        params: { cluster },
      })
      expect(precision).toBe('exact')
      const own = clients.find((client) => client.own)!
      expect(own).toMatchObject({ softwareName: 'millrace' })
      const { requests } = await dashboard.call('GET /api/clusters/{cluster}/clients/{client}', {
        params: { cluster, client: own.id },
      })
      expect(requests.length).toBeGreaterThan(0)
      expect(requests[0]).toMatchObject({ api: expect.any(String), request: expect.anything() })
    })

    test('each append of a topic that somebody looks at', async () => {
      const body = { name: 'lanes', partitions: 2 }
      await dashboard.call('POST /api/clusters/{cluster}/topics', { params: { cluster }, body })
      using live = await openLive(dashboard.baseUrl)
      live.subscribe(1, { channel: 'topic', cluster, topic: 'lanes' })
      await live.until((message) => message.type === 'snapshot')
      const produce = () =>
        dashboard.call('POST /api/clusters/{cluster}/topics/{topic}/records', {
          params: { cluster, topic: 'lanes' },
          body: {
            records: [
              { value: 'a', partition: 1 },
              { value: 'b', partition: 1 },
            ],
          },
        })
      const found = live.until((message) => {
        const data = dataOf(message, 'topic')
        return data !== undefined && 'appends' in data && data.appends.length > 0
      })
      const again = setInterval(() => void produce(), 200)
      const data = dataOf(await found, 'topic')!
      clearInterval(again)
      expect('appends' in data && data.appends[0]).toMatchObject({ partition: 1, count: 2 })
    })

    test('segments', async () => {
      const { partitions } = await dashboard.call('GET /api/clusters/{cluster}/topics/{topic}/storage', {
        params: { cluster, topic: 'records' },
      })
      expect(partitions).toHaveLength(3)
      expect(partitions[0]!.segments).toMatchObject([{ baseOffset: 0, active: true }])
    })
  })
})
