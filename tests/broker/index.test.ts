import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import type { EventBatch, HostEvent } from '../../broker/host.ts'
import { type Broker, startBroker } from '../../broker/index.ts'
import { WireClient } from '../../broker/protocol/client.ts'
import { produceRequest, produceResponse } from '../../broker/protocol/schemas/00-produce.ts'
import { metadataRequest, metadataResponse } from '../../broker/protocol/schemas/03-metadata.ts'
import { encodeRecordBatch } from '../../broker/records/record-batch-builder.ts'
import { until } from './server/broker-fixture.ts'

async function produce(client: WireClient, name = 't') {
  await client.send(metadataRequest, metadataResponse, 8, { topics: [{ name }] })
  const records = encodeRecordBatch({ records: [{ value: 'a' }, { value: 'b' }], timestampMs: Date.now() })
  const topicData = [{ name, partitionData: [{ index: 0, records }] }]
  return client.send(produceRequest, produceResponse, 7, { acks: -1, timeoutMs: 1000, topicData })
}

/** Everything a broker tells, flattened. */
function listen({ channel }: Broker): { batches: EventBatch[]; events: HostEvent[] } {
  const heard = { batches: [] as EventBatch[], events: [] as HostEvent[] }
  channel.onEvents((batch) => {
    heard.batches.push(batch)
    heard.events.push(...batch.events)
  })
  return heard
}

function ofKind<K extends HostEvent['kind']>(events: readonly HostEvent[], kind: K) {
  return events.filter((event): event is Extract<HostEvent, { kind: K }> => event.kind === kind)
}

describe.each([
  ['in a thread of its own', true],
  ['in this thread', false],
])('a broker %s', (_name, thread) => {
  test('starts on a free port and an ephemeral folder, and leaves nothing', async () => {
    const broker = await startBroker({ port: 0, thread })
    expect(broker.address).toBe(`127.0.0.1:${broker.port}`)
    expect(existsSync(broker.dataDir)).toBe(true)
    await using client = await WireClient.connect({ port: broker.port })
    expect((await produce(client)).responses[0]?.partitionResponses[0]?.errorCode).toBe(0)
    await broker.close()
    await broker.close()
    expect(await broker.closed).toBeUndefined()
    expect(existsSync(broker.dataDir)).toBe(false)
    await expect(WireClient.connect({ port: broker.port })).rejects.toThrow()
  })

  test('says why it cannot start', async () => {
    const dataDir = mkdtempSync(join(tmpdir(), 'millrace-index-'))
    await using broker = await startBroker({ port: 0, dataDir, thread })
    await expect(startBroker({ port: 0, dataDir, thread })).rejects.toThrow('is in use by')
    await expect(startBroker({ port: broker.port, thread })).rejects.toThrow(`Port ${broker.port}`)
    await expect(startBroker({ port: 0, thread, config: { nonsense: '1' } })).rejects.toThrow('nonsense')
    await broker.close()
    rmSync(dataDir, { recursive: true })
  })

  test('tells its host what happens', async () => {
    await using broker = await startBroker({ port: 0, thread })
    const heard = listen(broker)
    await broker.channel.ask('watchAppends', { topics: ['t'] })
    await using client = await WireClient.connect({ port: broker.port, clientId: 'me' })
    await produce(client)
    await until(() => ofKind(heard.events, 'appends').length > 0)
    expect(ofKind(heard.events, 'topicCreated')).toMatchObject([{ topic: 't', partitions: 1 }])
    expect(ofKind(heard.events, 'appends')[0]?.appends).toMatchObject([
      { topic: 't', partition: 0, baseOffset: 0, count: 2, clientId: 'me' },
    ])
    const figures = ofKind(heard.events, 'partitions').flatMap((event) => event.figures)
    expect(figures.at(-1)).toMatchObject({
      topic: 't',
      logEndOffset: 2,
      highWatermark: 2,
      lastStableOffset: 2,
      appendedRecords: 2,
    })
    const connections = () => ofKind(heard.events, 'connections').flatMap((event) => event.connections)
    await until(() => connections().some(({ clientId }) => clientId === 'me'))
    await client[Symbol.asyncDispose]()
    await until(() => ofKind(heard.events, 'connectionsClosed').length > 0)
    expect(heard.batches.map(({ sequence }) => sequence)).toEqual(heard.batches.map((_, index) => index + 1))
  })

  test('answers its host', async () => {
    await using broker = await startBroker({ port: 0, thread })
    await using client = await WireClient.connect({ port: broker.port, clientId: 'me' })
    await produce(client)
    const { channel } = broker
    const snapshot = await channel.ask('snapshot', {})
    expect(snapshot.node).toMatchObject({ clusterId: broker.clusterId, port: broker.port, partitions: 1 })
    expect(snapshot.partitions).toMatchObject([{ topic: 't', logEndOffset: 2 }])
    const [connection] = snapshot.connections
    expect(connection).toMatchObject({ clientId: 'me', requests: 2, remoteHost: '127.0.0.1' })
    const requests = await channel.ask('describeRequests', { connectionId: connection!.id })
    expect(requests).toMatchObject([{ api: 'Produce', error: null }, { api: 'Metadata' }])
    expect(JSON.stringify(requests?.[0]?.request)).toContain('bytes>')
    expect(await channel.ask('describeRequests', { connectionId: 999 })).toBeNull()
    const apis = await channel.ask('describeApis', {})
    expect(apis).toMatchObject([
      { api: 'Produce', requests: 1, errors: [] },
      { api: 'Metadata', requests: 1 },
    ])
    expect(apis[0]?.latencyMs?.p50).toBeGreaterThan(0)
    const [storage] = (await channel.ask('describeStorage', { topic: 't' }))!
    expect(storage).toMatchObject({
      offlineReason: null,
      segments: [{ baseOffset: 0, nextOffset: 2, active: true }],
    })
    expect(storage?.nextRetention).toMatchObject({ reason: 'time', baseOffset: 0 })
    expect(await channel.ask('describeStorage', { topic: 'nope' })).toBeNull()
    expect(await channel.ask('describeProducers', { topic: 't' })).toEqual([])
    expect(await channel.ask('describeGroups', {})).toEqual([])
  })
})
