import { expect, test } from 'vitest'
import type { WireClient } from '../../../broker/protocol/client.ts'
import { produceRequest, produceResponse } from '../../../broker/protocol/schemas/00-produce.ts'
import { fetchRequest, fetchResponse } from '../../../broker/protocol/schemas/01-fetch.ts'
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

async function setQuota(client: WireClient, key: string, value: number | null) {
  const answer = await client.send(alterClientQuotasRequest, alterClientQuotasResponse, 1, {
    entries: [
      {
        entity: [{ entityType: 'client-id', entityName: null }],
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
