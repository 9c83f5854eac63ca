/** What changes around the load: topics, configs, quotas, connections, and administrators who look. */
import { connect, type Socket } from 'node:net'
import { fetchFrame } from '../../../bench/load/frames.ts'
import type { WireClient } from '../../../broker/protocol/client.ts'
import {
  describeGroupsRequest,
  describeGroupsResponse,
} from '../../../broker/protocol/schemas/15-describe-groups.ts'
import { listGroupsRequest, listGroupsResponse } from '../../../broker/protocol/schemas/16-list-groups.ts'
import { apiVersionsRequest, apiVersionsResponse } from '../../../broker/protocol/schemas/18-api-versions.ts'
import {
  deleteGroupsRequest,
  deleteGroupsResponse,
} from '../../../broker/protocol/schemas/42-delete-groups.ts'
import {
  alterClientQuotasRequest,
  alterClientQuotasResponse,
} from '../../../broker/protocol/schemas/49-alter-client-quotas.ts'
import {
  describeProducersRequest,
  describeProducersResponse,
} from '../../../broker/protocol/schemas/61-describe-producers.ts'
import { encodeRecordBatch } from '../../../broker/records/record-batch-builder.ts'
import {
  alterConfigs,
  createTopics,
  deleteTopic,
  fetchFrom,
  latest,
  metadata,
  offsetOf,
  produce,
  resource,
} from '../requests.ts'
import { numbered } from './producers.ts'
import type { Soak } from './soak.ts'
import { topics } from './topics.ts'

const everyPartition = new Map([0, 1, 2, 3].map((partition) => [partition, 0]))

/** Topics that live for some seconds, written, read, and deleted while somebody waits on them. */
export function topicChurn(soak: Soak, prefix: string, everyMs: number): Promise<void> {
  const random = soak.random()
  let number = 0
  const expected = ['UNKNOWN_TOPIC_OR_PARTITION', 'UNKNOWN_TOPIC_ID']
  return soak.repeat('topic churn', expected, async (client) => {
    const name = `${prefix}-${number++}`
    const partitions = random.between(1, 10)
    await createTopics(client, [{ name, partitions }])
    for (let turns = random.between(1, 10); turns > 0; turns--) {
      const records = numbered(name, 0, random.between(1, 20), random.between(10, 5000))
      const batch = encodeRecordBatch({ records, timestampMs: Date.now() })
      const partition = random.between(0, partitions - 1)
      await produce(client, name, partition, batch)
      await fetchFrom(client, name, partition, 0)
    }
    await soak.pause(everyMs)
    await using waiting = await soak.connect()
    const parked = fetchFrom(waiting, name, 0, 1_000_000_000, { maxWaitMs: 20_000 }).catch(() => undefined)
    const end = fetchFrom(waiting, name, random.between(0, partitions - 1), 0).catch(() => undefined)
    await deleteTopic(client, name)
    await Promise.all([parked, end])
    soak.count('topics created and deleted')
  })
}

export function configChurn(soak: Soak, everyMs: number): Promise<void> {
  const random = soak.random()
  return soak.repeat('config churn', [], async (client) => {
    const change = random.of<[number, string, Record<string, string | null>]>([
      [resource.topic, topics.retained.name, { 'retention.bytes': random.of(['3000000', '5000000']) }],
      [resource.topic, topics.retained.name, { 'segment.bytes': random.of(['1048576', '2097152']) }],
      [resource.topic, topics.aged.name, { 'retention.ms': random.of(['10000', '15000']) }],
      [resource.topic, topics.compacted.name, { 'min.cleanable.dirty.ratio': random.of(['0.1', '0.4']) }],
      [resource.topic, topics.recompressed.name, { 'compression.type': random.of(['zstd', 'lz4', 'gzip']) }],
      [resource.topic, topics.kept.name, { 'message.timestamp.type': random.of([null, 'LogAppendTime']) }],
      [resource.broker, '', { 'log.cleaner.io.max.bytes.per.second': random.of([null, '4000000.0']) }],
      [resource.broker, '', { 'max.connections': random.of([null, '5000']) }],
      [resource.group, 'consumer-0', { 'consumer.session.timeout.ms': random.of([null, '8000']) }],
    ])
    await alterConfigs(client, ...change)
    soak.count('configs changed')
    await soak.pause(everyMs)
  })
}

/** A quota that comes and goes for the client id `throttled`. */
export function quotaChurn(soak: Soak, everyMs: number): Promise<void> {
  const random = soak.random()
  return soak.repeat('quota churn', [], async (client) => {
    const key = random.of(['producer_byte_rate', 'consumer_byte_rate', 'request_percentage'])
    const ops = [{ key, value: key === 'request_percentage' ? 20 : 50_000, remove: random.isTrue(0.5) }]
    const entity = [{ entityType: 'client-id', entityName: 'throttled' }]
    const body = { entries: [{ entity, ops }], validateOnly: false }
    await client.send(alterClientQuotasRequest, alterClientQuotasResponse, 1, body)
    soak.count('quotas changed')
    await soak.pause(everyMs)
  })
}

/** Connections that open, ask something or nothing, and close in order or in the middle of a frame. */
export function connectionChurn(soak: Soak, everyMs: number): Promise<void> {
  const random = soak.random()
  return soak.repeat('connection churn', [], async () => {
    const clients = await Promise.all(Array.from({ length: random.between(1, 20) }, () => soak.connect()))
    await Promise.all(
      clients.map(async (client) => {
        if (random.isTrue(0.7)) await client.send(apiVersionsRequest, apiVersionsResponse, 2, {})
        if (random.isTrue(0.3)) await metadata(client)
        if (random.isTrue(0.1)) client.writeRaw([Buffer.from([0, 1, 0, 0, 0, 3])])
        if (random.isTrue(0.05)) client.writeRaw([Buffer.from('GET / HTTP/1.1\r\n\r\n')])
      }),
    )
    await Promise.all(clients.map((client) => client.close()))
    soak.count('connections opened and closed', clients.length)
    await soak.pause(everyMs)
  })
}

/** Asks for much at once and reads little of it; then goes, or reads on. */
export function slowReader(soak: Soak, topic: string): Promise<void> {
  const random = soak.random()
  return soak.repeat('slow reader', [], async () => {
    const socket = await openSocket(soak.port)
    socket.pause()
    const request = random.of([50, 200])
    const frame = fetchFrame(topic, everyPartition, 8 * 1024 * 1024)
    for (let count = 0; count < request; count++) socket.write(frame)
    await soak.pause(random.between(500, 5_000))
    socket.resume()
    await soak.pause(random.between(0, 500))
    socket.destroy()
    soak.count('slow readers')
  })
}

/** Sends the bytes of a request one by one, and often not the last. */
export function slowWriter(soak: Soak): Promise<void> {
  const random = soak.random()
  return soak.repeat('slow writer', [], async () => {
    const socket = await openSocket(soak.port)
    const frame = fetchFrame(topics.kept.name, everyPartition, 1024)
    for (const byte of frame.subarray(0, random.between(1, frame.length))) {
      if (soak.isOver) break
      socket.write(Buffer.from([byte]))
      await soak.pause(100)
    }
    socket.destroy()
    soak.count('slow writers')
  })
}

/** Long polls that can bring nothing, cut off while they wait. */
export function waitingReader(soak: Soak, topic: string): Promise<void> {
  const random = soak.random()
  return soak.repeat('waiting reader', [], async (client) => {
    const end = await offsetOf(client, topic, 0, latest)
    const wait = { maxWaitMs: 10_000, minBytes: 1_000_000_000 }
    const parked = fetchFrom(client, topic, 0, end, wait).catch(() => undefined)
    await soak.pause(random.between(10, 2_000))
    await client.close()
    await parked
    soak.count('long polls cut')
  })
}

/** Looks at everything, as the dashboard and tools do. */
export function administrator(soak: Soak, everyMs: number): Promise<void> {
  const random = soak.random()
  return soak.repeat('administrator', [], async (client) => {
    await metadata(client)
    const { groups } = await client.send(listGroupsRequest, listGroupsResponse, 5, {})
    const names = groups.map(({ groupId }) => groupId)
    await client.send(describeGroupsRequest, describeGroupsResponse, 6, { groups: names })
    const empty = names.filter((name) => name.startsWith('of-'))
    if (empty.length > 0 && random.isTrue(0.1))
      await client.send(deleteGroupsRequest, deleteGroupsResponse, 2, { groupsNames: [random.of(empty)] })
    await describeProducers(client, topics.exact.name, topics.exact.partitions)
    soak.count('groups seen', names.length)
    await soak.pause(everyMs)
  })
}

function describeProducers(client: WireClient, name: string, partitions: number) {
  const partitionIndexes = Array.from({ length: partitions }, (_, index) => index)
  const body = { topics: [{ name, partitionIndexes }] }
  return client.send(describeProducersRequest, describeProducersResponse, 0, body)
}

function openSocket(port: number): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = connect({ port, host: '127.0.0.1' }, () => resolve(socket))
    socket.on('error', reject)
  })
}
