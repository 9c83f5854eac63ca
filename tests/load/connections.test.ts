import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { WireClient } from '../../broker/protocol/client.ts'
import { apiVersionsRequest, apiVersionsResponse } from '../../broker/protocol/schemas/18-api-versions.ts'
import { encodeRecordBatch } from '../../broker/records/record-batch-builder.ts'
import { closeAll, connectMany, heldBytes, kib, mib, note, untilGauges, untilPrinted } from './crowd.ts'
import { type Gauges, type InspectedBroker, startInspectedBroker } from './inspected-broker.ts'
import { Probe } from './probe.ts'
import { alterConfigs, createTopics, fetchFrom, metadata, produce, resource } from './requests.ts'

const crowd = 1_000
/** Of an idle connection: the socket, its handle in libuv, our figures on it. ARCHITECTURE.md states it. */
const idleConnectionBytes = 48 * kib

const ask = (client: WireClient) => client.send(apiVersionsRequest, apiVersionsResponse, 2, {})

describe('a thousand connections', () => {
  let broker: InspectedBroker
  let before: Gauges
  beforeAll(async () => {
    broker = await startInspectedBroker()
    await (await Probe.start(broker.port))[Symbol.asyncDispose]()
    before = await broker.gauges()
  }, 30_000)
  afterAll(() => broker?.close())

  test('are all served, at once, and cost what is stated', async () => {
    const clients = await connectMany(broker.port, crowd)
    for (let round = 0; round < 3; round++) {
      const answers = await Promise.all(clients.map(ask))
      expect(answers.every(({ errorCode }) => errorCode === 0)).toBe(true)
      await Promise.all(clients.map((client) => metadata(client)))
    }
    const gauges = await broker.gauges()
    expect(gauges.connections).toBe(crowd)
    const held = heldBytes(before, gauges)
    note('an idle connection', held / crowd)
    note('an idle connection, resident', (gauges.rssBytes - before.rssBytes) / crowd)
    expect(held / crowd).toBeLessThan(idleConnectionBytes)
    expect(gauges.rssBytes - before.rssBytes).toBeLessThan(crowd * idleConnectionBytes + 64 * mib)
    await closeAll(clients)
  }, 60_000)

  test('leave nothing behind', async () => {
    await untilGauges(broker, ({ connections }) => connections === 0)
    const after = await broker.gauges()
    expect(after.fileDescriptors).toBeLessThanOrEqual(before.fileDescriptors + 2)
    expect(after.handles).toBeLessThanOrEqual(before.handles)
    expect(after.timers).toBeLessThanOrEqual(before.timers + 1)
    expect(after.heapUsedBytes - before.heapUsedBytes).toBeLessThan(4 * mib)
  })

  test('that each wait for records are woken by one, and leave nothing behind when they hang up', async () => {
    const [admin, ...clients] = await connectMany(broker.port, crowd + 1)
    await createTopics(admin!, [{ name: 'awaited', partitions: 1 }])
    const waits = clients.map((client) =>
      fetchFrom(client, 'awaited', 0, 0, { maxWaitMs: 60_000 }).catch(() => undefined),
    )
    await untilGauges(broker, ({ parkedFetches }) => parkedFetches === crowd)
    const leaving = clients.slice(0, crowd / 2)
    await closeAll(leaving)
    await untilGauges(broker, ({ parkedFetches }) => parkedFetches === crowd / 2)
    await using probe = await Probe.start(broker.port)
    await probe.serve(20)
    await produce(admin!, 'awaited', 0, encodeRecordBatch({ records: [{ value: 'v' }] }))
    const answers = await Promise.all(waits)
    expect(answers.filter((answer) => answer?.nextOffset === 1)).toHaveLength(crowd / 2)
    await closeAll([admin!, ...clients])
    const { timers } = await untilGauges(broker, (gauges) => gauges.parkedFetches === 0)
    expect(timers).toBeLessThan(20)
  }, 60_000)
})

describe('the limits of connections', () => {
  let broker: InspectedBroker
  beforeAll(async () => {
    broker = await startInspectedBroker({ 'max.connections': '10' })
  }, 30_000)
  afterAll(() => broker?.close())

  test('above max.connections a client waits for its first answer until another one goes', async () => {
    const clients = await connectMany(broker.port, 10)
    const [first, second] = clients
    await Promise.all(clients.map(ask))
    await using eleventh = await WireClient.connect({ port: broker.port, timeoutMs: 30_000 })
    const answer = ask(eleventh)
    await untilGauges(broker, ({ waitingConnections }) => waitingConnections === 1)
    expect(await untilPrinted(broker, 'waits')).toContain('max.connections (10) are open')
    // Nobody else suffers from it.
    for (let round = 0; round < 100; round++) await ask(second!)
    expect((await broker.gauges()).waitingConnections).toBe(1)
    await first!.close()
    expect((await answer).errorCode).toBe(0)
    await closeAll(clients)
  }, 30_000)

  test('both limits can be changed while it runs', async () => {
    await untilGauges(broker, ({ connections }) => connections === 0)
    await using admin = await WireClient.connect({ port: broker.port, timeoutMs: 30_000 })
    await alterConfigs(admin, resource.broker, '', { 'max.connections': '1' })
    await using other = await WireClient.connect({ port: broker.port, timeoutMs: 30_000 })
    const answer = ask(other)
    await untilGauges(broker, ({ waitingConnections }) => waitingConnections === 1)
    await alterConfigs(admin, resource.broker, '', {
      'max.connections': null,
      'max.connections.per.ip': '2',
    })
    expect((await answer).errorCode).toBe(0)
    await using third = await WireClient.connect({ port: broker.port, timeoutMs: 30_000 })
    await third.closed()
    expect(await untilPrinted(broker, 'refused')).toContain('max.connections.per.ip (2)')
    await ask(other)
  }, 30_000)
})
