import { expect, test } from 'vitest'
import { errorCode } from '../../../broker/protocol/error-codes.ts'
import {
  describeProducersRequest,
  describeProducersResponse,
} from '../../../broker/protocol/schemas/61-describe-producers.ts'
import { encodeRecordBatch } from '../../../broker/records/record-batch-builder.ts'
import { NodeFixture } from './node-fixture.ts'

test('DescribeProducers tells who wrote last, and what', async () => {
  const fixture = new NodeFixture()
  fixture.node.controller.createTopics([{ name: 't', numPartitions: 2, replicationFactor: 1 }])
  const timestampMs = fixture.clock.nowMs()
  const records = [{ value: 'a' }, { value: 'b' }]
  const batch = encodeRecordBatch({ records, timestampMs, producerId: 7, producerEpoch: 1, baseSequence: 0 })
  fixture.node.partition('t', 0)!.append(batch, 'client')
  const { topics } = await fixture.ask(describeProducersRequest, describeProducersResponse, 0, {
    topics: [{ name: 't', partitionIndexes: [0, 1, 2] }],
  })
  const expected = { producerId: 7, producerEpoch: 1, lastSequence: 1, lastTimestamp: timestampMs }
  expect(topics[0]?.partitions).toMatchObject([
    { partitionIndex: 0, errorCode: 0, activeProducers: [{ ...expected, currentTxnStartOffset: -1 }] },
    { partitionIndex: 1, errorCode: 0, activeProducers: [] },
    { partitionIndex: 2, errorCode: errorCode.unknownTopicOrPartition },
  ])
})
