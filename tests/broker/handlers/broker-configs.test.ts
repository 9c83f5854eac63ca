import { expect, test } from 'vitest'
import { produceRequest, produceResponse } from '../../../broker/protocol/schemas/00-produce.ts'
import { fetchRequest, fetchResponse } from '../../../broker/protocol/schemas/01-fetch.ts'
import {
  alterClientQuotasRequest,
  alterClientQuotasResponse,
} from '../../../broker/protocol/schemas/49-alter-client-quotas.ts'
import {
  describeClusterRequest,
  describeClusterResponse,
} from '../../../broker/protocol/schemas/60-describe-cluster.ts'
import { batchesOf } from '../../../broker/records/record-batch.ts'
import { encodeRecordBatch } from '../../../broker/records/record-batch-builder.ts'
import { BrokerFixture } from '../server/broker-fixture.ts'
import { NodeFixture } from './node-fixture.ts'

/* Broker configs that only a request shows. */

test('fetch.max.bytes bounds what a client allows', async () => {
  const batchesWith = async (config: Record<string, string>) => {
    const fixture = new NodeFixture(config)
    fixture.node.controller.createTopics([{ name: 't', numPartitions: 1, replicationFactor: 1 }])
    const records = [{ value: 'v'.repeat(1000) }]
    for (let count = 0; count < 4; count++) {
      const batch = encodeRecordBatch({ records, timestampMs: fixture.clock.nowMs() })
      fixture.node.partition('t', 0)!.append(batch, 'client')
    }
    const answer = await fixture.ask(fetchRequest, fetchResponse, 12, {
      maxWaitMs: 0,
      minBytes: 1,
      maxBytes: 1_000_000,
      forgottenTopicsData: [],
      topics: [{ topic: 't', partitions: [{ partition: 0, fetchOffset: 0, partitionMaxBytes: 1_000_000 }] }],
    })
    return [...batchesOf(answer.responses[0]!.partitions[0]!.records!)].length
  }
  expect(await batchesWith({})).toBe(4)
  expect(await batchesWith({ 'fetch.max.bytes': '2500' })).toBe(2)
})

test('broker.rack is told to clients', async () => {
  await using broker = await BrokerFixture.start({ 'broker.rack': 'r1' })
  await using client = await broker.client()
  const { brokers } = await client.send(describeClusterRequest, describeClusterResponse, 0, {
    includeClusterAuthorizedOperations: false,
  })
  expect(brokers).toMatchObject([{ brokerId: 0, rack: 'r1' }])
})

test('quota.window.size.seconds is how long a burst is free', async () => {
  const throttledWith = async (seconds: string) => {
    await using broker = await BrokerFixture.start({
      'quota.window.num': '2',
      'quota.window.size.seconds': seconds,
    })
    await using client = await broker.client()
    const entity = [{ entityType: 'client-id', entityName: null }]
    const ops = [{ key: 'producer_byte_rate', value: 1000, remove: false }]
    await client.send(alterClientQuotasRequest, alterClientQuotasResponse, 1, {
      entries: [{ entity, ops }],
      validateOnly: false,
    })
    const records = encodeRecordBatch({
      records: [{ value: Buffer.alloc(3000) }],
      timestampMs: Date.now(),
    })
    const { throttleTimeMs } = await client.send(produceRequest, produceResponse, 9, {
      transactionalId: null,
      acks: -1,
      timeoutMs: 1000,
      topicData: [{ name: 't', partitionData: [{ index: 0, records }] }],
    })
    return throttleTimeMs > 0
  }
  expect(await throttledWith('1')).toBe(true)
  expect(await throttledWith('10')).toBe(false)
})
