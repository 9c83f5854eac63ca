import { expect, test } from 'vitest'
import type { WireClient } from '../../../broker/protocol/client.ts'
import { errorCode } from '../../../broker/protocol/error-codes.ts'
import { produceRequest, produceResponse } from '../../../broker/protocol/schemas/00-produce.ts'
import { fetchRequest, fetchResponse } from '../../../broker/protocol/schemas/01-fetch.ts'
import { metadataRequest, metadataResponse } from '../../../broker/protocol/schemas/03-metadata.ts'
import { apiVersionsRequest, apiVersionsResponse } from '../../../broker/protocol/schemas/18-api-versions.ts'
import {
  createTopicsRequest,
  createTopicsResponse,
} from '../../../broker/protocol/schemas/19-create-topics.ts'
import {
  deleteTopicsRequest,
  deleteTopicsResponse,
} from '../../../broker/protocol/schemas/20-delete-topics.ts'
import {
  describeClientQuotasRequest,
  describeClientQuotasResponse,
} from '../../../broker/protocol/schemas/48-describe-client-quotas.ts'
import {
  alterClientQuotasRequest,
  alterClientQuotasResponse,
} from '../../../broker/protocol/schemas/49-alter-client-quotas.ts'
import { encodeRecordBatch } from '../../../broker/records/record-batch-builder.ts'
import { BrokerFixture } from './broker-fixture.ts'

type Entity = { entityType: string; entityName: string | null }

async function setQuota(
  client: WireClient,
  key: string,
  value: number | null,
  entity: Entity = { entityType: 'client-id', entityName: null },
) {
  const answer = await client.send(alterClientQuotasRequest, alterClientQuotasResponse, 1, {
    entries: [
      {
        entity: [entity],
        ops: [{ key, value: value ?? 0, remove: value === null }],
      },
    ],
    validateOnly: false,
  })
  return answer.entries[0]!.errorCode
}

async function produce(client: WireClient, valueBytes: number) {
  const records = encodeRecordBatch({
    records: [{ value: Buffer.alloc(valueBytes) }],
    timestampMs: Date.now(),
  })
  const answer = await client.send(produceRequest, produceResponse, 9, {
    transactionalId: null,
    acks: -1,
    timeoutMs: 1000,
    topicData: [{ name: 't', partitionData: [{ index: 0, records }] }],
  })
  return answer.throttleTimeMs
}

async function fetch(client: WireClient) {
  const answer = await client.send(fetchRequest, fetchResponse, 11, {
    maxWaitMs: 0,
    minBytes: 0,
    maxBytes: 1_000_000,
    topics: [{ topic: 't', partitions: [{ partition: 0, fetchOffset: 0, partitionMaxBytes: 1_000_000 }] }],
    forgottenTopicsData: [],
  })
  const recordBytes = answer.responses[0]?.partitions[0]?.records?.length ?? 0
  return { throttleTimeMs: answer.throttleTimeMs, recordBytes }
}

test('quotas are kept over a restart of the image, listed, and removed', async () => {
  await using broker = await BrokerFixture.start()
  const client = await broker.client()
  expect(await setQuota(client, 'producer_byte_rate', 5000)).toBe(0)
  expect(await setQuota(client, 'request_percentage', 50)).toBe(0)
  const list = () =>
    client.send(describeClientQuotasRequest, describeClientQuotasResponse, 1, {
      components: [{ entityType: 'client-id', matchType: 1, match: null }],
      strict: true,
    })
  expect((await list()).entries).toEqual([
    {
      entity: [{ entityType: 'client-id', entityName: null }],
      values: [
        { key: 'producer_byte_rate', value: 5000 },
        { key: 'request_percentage', value: 50 },
      ],
    },
  ])
  await setQuota(client, 'producer_byte_rate', null)
  await setQuota(client, 'request_percentage', null)
  expect((await list()).entries).toEqual([])
  await client.close()
})

test('a producer above its rate is told, and its next request waits', async () => {
  await using broker = await BrokerFixture.start()
  broker.createTopic('t')
  const client = await broker.client()
  await setQuota(client, 'producer_byte_rate', 10_000)
  expect(await produce(client, 50_000)).toBe(0)
  const throttleTimeMs = await produce(client, 52_000)
  expect(throttleTimeMs).toBeGreaterThan(100)
  expect(throttleTimeMs).toBeLessThan(400)
  const startedMs = performance.now()
  await setQuota(client, 'producer_byte_rate', null)
  expect(performance.now() - startedMs).toBeGreaterThan(throttleTimeMs - 30)
  expect(await produce(client, 50_000)).toBe(0)
  await client.close()
})

test('a consumer above its rate gets no records, and then all of them', async () => {
  await using broker = await BrokerFixture.start({ 'quota.window.num': '2' })
  broker.createTopic('t')
  const client = await broker.client()
  await produce(client, 6000)
  await setQuota(client, 'consumer_byte_rate', 10_000)
  const first = await fetch(client)
  expect([first.throttleTimeMs, first.recordBytes > 6000]).toEqual([0, true])
  const second = await fetch(client)
  expect([second.throttleTimeMs > 0, second.recordBytes]).toEqual([true, 0])
  const other = await broker.client()
  await setQuota(other, 'consumer_byte_rate', null)
  expect((await fetch(client)).recordBytes).toBe(first.recordBytes)
  await client.close()
  await other.close()
})

test('a batch above the whole window passes when nothing else has', async () => {
  await using broker = await BrokerFixture.start({ 'quota.window.num': '2' })
  broker.createTopic('t')
  const client = await broker.client()
  await produce(client, 6000)
  await setQuota(client, 'consumer_byte_rate', 100)
  expect((await fetch(client)).recordBytes).toBeGreaterThan(6000)
  await client.close()
})

async function create(client: WireClient, name: string, numPartitions: number, version = 7) {
  const answer = await client.send(createTopicsRequest, createTopicsResponse, version, {
    topics: [{ name, numPartitions, replicationFactor: 1, assignments: [], configs: [] }],
    timeoutMs: 1000,
    validateOnly: false,
  })
  return [answer.throttleTimeMs, answer.topics[0]!.errorCode] as const
}

test('who changes topics too fast is refused, or told to wait by versions that know no refusal', async () => {
  await using broker = await BrokerFixture.start({ 'controller.quota.window.num': '2' })
  const [admin, client, old] = await Promise.all([broker.client(), broker.client(), broker.client()])
  await setQuota(admin, 'controller_mutation_rate', 10)
  expect(await create(client, 'a', 25)).toEqual([0, 0])
  const [throttleTimeMs, refused] = await create(client, 'b', 1)
  expect(refused).toBe(errorCode.throttlingQuotaExceeded)
  expect(throttleTimeMs).toBeGreaterThan(100)
  expect(throttleTimeMs).toBeLessThanOrEqual(500)
  const metadata = await old.send(metadataRequest, metadataResponse, 9, {
    topics: [{ name: 'c' }],
    allowAutoTopicCreation: true,
  })
  expect([metadata.throttleTimeMs, metadata.topics[0]!.errorCode]).toEqual([
    0,
    errorCode.unknownTopicOrPartition,
  ])
  const [waitMs, done] = await create(old, 'd', 25, 5)
  expect(done).toBe(0)
  expect(waitMs).toBeGreaterThan(throttleTimeMs)
  const deleted = await admin.send(deleteTopicsRequest, deleteTopicsResponse, 5, {
    topicNames: ['a'],
    timeoutMs: 1000,
  })
  expect(deleted.responses[0]!.errorCode).toBe(errorCode.throttlingQuotaExceeded)
  await Promise.all([admin, client, old].map((each) => each.close()))
})

test('connections of an address above its rate are closed unanswered', async () => {
  await using broker = await BrokerFixture.start({ 'quota.window.num': '2' })
  const admin = await broker.client()
  await setQuota(admin, 'connection_creation_rate', 3, { entityType: 'ip', entityName: '127.0.0.1' })
  const answered = await Promise.all(
    Array.from({ length: 6 }, async () => {
      const client = await broker.client()
      try {
        await client.send(apiVersionsRequest, apiVersionsResponse, 0, {})
        return true
      } catch {
        return false
      } finally {
        await client.close()
      }
    }),
  )
  expect(answered.filter(Boolean)).toHaveLength(3)
  await setQuota(admin, 'connection_creation_rate', null, { entityType: 'ip', entityName: '127.0.0.1' })
  await (await broker.client()).close()
  await admin.close()
})
