import { produceRequest } from '../../../../broker/protocol/schemas/00-produce.ts'
import { fetchRequest } from '../../../../broker/protocol/schemas/01-fetch.ts'
import { listOffsetsRequest } from '../../../../broker/protocol/schemas/02-list-offsets.ts'
import { metadataRequest } from '../../../../broker/protocol/schemas/03-metadata.ts'
import { deleteRecordsRequest } from '../../../../broker/protocol/schemas/21-delete-records.ts'
import { offsetForLeaderEpochRequest } from '../../../../broker/protocol/schemas/23-offset-for-leader-epoch.ts'
import { describeProducersRequest } from '../../../../broker/protocol/schemas/61-describe-producers.ts'
import { describeTopicPartitionsRequest } from '../../../../broker/protocol/schemas/75-describe-topic-partitions.ts'
import { encodeRecordBatch } from '../../../../broker/records/record-batch-builder.ts'
import { type ApiCase, apiCase, isOwnTopic } from './api-case.ts'
import { recordTimestampMs, type Stage, someRecords } from './stage.ts'

type Topic = { topic: string; topicId: string }

const withRecords =
  (records: number, partitions = 2) =>
  async (stage: Stage): Promise<Topic> => ({
    topic: stage.key,
    topicId: await stage.topic(stage.key, { partitions, records }),
  })

const produced = ({ topic, topicId }: Topic, more = {}) => ({
  acks: -1,
  timeoutMs: 5_000,
  topicData: [{ name: topic, topicId, partitionData: [{ index: 0, records: someRecords() }] }],
  ...more,
})

const fetched = ({ topic, topicId }: Topic, partition = {}, more = {}) => ({
  maxWaitMs: 1,
  minBytes: 1,
  maxBytes: 100_000,
  topics: [
    {
      topic,
      topicId,
      partitions: [{ partition: 0, fetchOffset: 0, partitionMaxBytes: 100_000, ...partition }],
    },
  ],
  forgottenTopicsData: [],
  ...more,
})

const offsetsOf = (topic: string, timestamp: number) => ({
  replicaId: -1,
  topics: [{ name: topic, partitions: [{ partitionIndex: 0, timestamp }] }],
  timeoutMs: 1_000,
})

const idempotent = encodeRecordBatch({
  records: [{ value: 'x' }],
  timestampMs: recordTimestampMs,
  producerId: 4_242,
  producerEpoch: 0,
  baseSequence: 0,
})

/** Records and what is known of topics. */
export const recordCases: readonly ApiCase[] = [
  apiCase(produceRequest, {
    arrange: withRecords(0),
    maybeSilent: true,
    // Kafka fails inside over records that are null and never answers; what stands twice it appends once, so that
    // all offsets after it would differ.
    without: /records.*( null| -1| -2| least| beyond)|(topicData|partitionData) twice/,
    base: (topic) => produced(topic),
    valid: {
      'without acknowledgement': (topic) => produced(topic, { acks: 0 }),
      'acknowledged by the leader': (topic) => produced(topic, { acks: 1 }),
    },
    edge: {
      'two partitions, one unknown': (topic) => ({
        ...produced(topic),
        topicData: [
          {
            name: topic.topic,
            topicId: topic.topicId,
            partitionData: [1, 9].map((index) => ({ index, records: someRecords() })),
          },
        ],
      }),
      'the same batch of an idempotent producer twice': (topic) => ({
        ...produced(topic),
        topicData: [
          { name: topic.topic, topicId: topic.topicId, partitionData: [{ index: 1, records: idempotent }] },
        ],
      }),
    },
    broken: {
      'a transactional id over plain records': (topic) => produced(topic, { transactionalId: 'tx' }),
      'no acknowledgement and a fault': (topic) => ({
        ...produced({ ...topic, topic: 'unknown' }, { acks: 0 }),
      }),
    },
  }),
  apiCase(fetchRequest, {
    arrange: withRecords(5),
    isReading: true,
    base: (topic) => fetched(topic),
    valid: {
      'up to the last stable offset': (topic) => fetched(topic, {}, { isolationLevel: 1 }),
      'a new session': [7, (topic) => fetched(topic, {}, { sessionEpoch: 0 })],
    },
    edge: {
      'at the end': (topic) => fetched(topic, { fetchOffset: 5 }),
      'nothing but forgotten topics': [
        7,
        ({ topic, topicId }) => ({
          ...fetched({ topic, topicId }),
          topics: [],
          forgottenTopicsData: [{ topic, topicId, partitions: [0] }],
        }),
      ],
      'the right leader epoch': [9, (topic) => fetched(topic, { currentLeaderEpoch: 0 })],
      'the last epoch that was fetched': [
        12,
        (topic) => fetched(topic, { lastFetchedEpoch: 0, fetchOffset: 2 }),
      ],
    },
    broken: {
      'behind the end': (topic) => fetched(topic, { fetchOffset: 6 }),
      'a leader epoch ahead': [9, (topic) => fetched(topic, { currentLeaderEpoch: 1 })],
      'an unknown session': [7, (topic) => fetched(topic, {}, { sessionId: 77, sessionEpoch: 1 })],
      'a session that would begin with a name': [
        7,
        (topic) => fetched(topic, {}, { sessionId: 77, sessionEpoch: 0 }),
      ],
      'the end of an unknown session': [
        7,
        (topic) => fetched(topic, {}, { sessionId: 77, sessionEpoch: -1 }),
      ],
    },
  }),
  apiCase(listOffsetsRequest, {
    arrange: withRecords(5),
    isReading: true,
    base: ({ topic }) => offsetsOf(topic, -1),
    edge: Object.fromEntries(
      [-2, -3, -4, -5, -6, 0, recordTimestampMs, recordTimestampMs + 1].map((timestamp) => [
        `at ${timestamp < 1 ? timestamp : timestamp === recordTimestampMs ? 'the time' : 'a later time'}`,
        ({ topic }: Topic) => offsetsOf(topic, timestamp),
      ]),
    ),
  }),
  apiCase(metadataRequest, {
    arrange: withRecords(0),
    isReading: true,
    own: { topics: isOwnTopic },
    base: ({ topic }) => ({ topics: [{ name: topic }], allowAutoTopicCreation: false }),
    edge: {
      'by id': [12, ({ topicId }) => ({ topics: [{ topicId, name: null }], allowAutoTopicCreation: false })],
      'by id and name': [
        10,
        ({ topic, topicId }) => ({ topics: [{ topicId, name: topic }], allowAutoTopicCreation: false }),
      ],
      'authorized operations': [
        8,
        ({ topic }, version) => ({
          topics: [{ name: topic }],
          allowAutoTopicCreation: false,
          includeTopicAuthorizedOperations: true,
          includeClusterAuthorizedOperations: version <= 10,
        }),
      ],
      'a topic that is made on the way': ({ topic }) => ({
        topics: [{ name: `${topic}-automatic` }],
        allowAutoTopicCreation: true,
      }),
    },
  }),
  apiCase(deleteRecordsRequest, {
    arrange: withRecords(5),
    isConsumed: true,
    base: ({ topic }) => ({
      topics: [{ name: topic, partitions: [{ partitionIndex: 0, offset: 2 }] }],
      timeoutMs: 5_000,
    }),
    edge: {
      'to the high watermark': ({ topic }) => ({
        topics: [{ name: topic, partitions: [{ partitionIndex: 0, offset: -1 }] }],
        timeoutMs: 5_000,
      }),
      'an empty partition': ({ topic }) => ({
        topics: [{ name: topic, partitions: [{ partitionIndex: 1, offset: 0 }] }],
        timeoutMs: 5_000,
      }),
    },
    broken: {
      'beyond the high watermark': ({ topic }) => ({
        topics: [{ name: topic, partitions: [{ partitionIndex: 0, offset: 6 }] }],
        timeoutMs: 5_000,
      }),
    },
  }),
  apiCase(offsetForLeaderEpochRequest, {
    arrange: withRecords(5),
    isReading: true,
    base: ({ topic }) => ({ topics: [{ topic, partitions: [{ partition: 0, leaderEpoch: 0 }] }] }),
    broken: {
      'a leader epoch that is to come': ({ topic }) => ({
        topics: [{ topic, partitions: [{ partition: 0, currentLeaderEpoch: 5, leaderEpoch: 0 }] }],
      }),
    },
  }),
  apiCase(describeProducersRequest, {
    arrange: async (stage) => {
      await stage.topic(stage.key, { partitions: 2 })
      await stage.produce(stage.key, idempotent)
      return { topic: stage.key }
    },
    isReading: true,
    base: ({ topic }) => ({ topics: [{ name: topic, partitionIndexes: [0] }] }),
  }),
  apiCase(describeTopicPartitionsRequest, {
    arrange: withRecords(0),
    isReading: true,
    own: { topics: isOwnTopic },
    base: ({ topic }) => ({ topics: [{ name: topic }], responsePartitionLimit: 2_000, cursor: null }),
    edge: {
      'a page of one': ({ topic }) => ({
        topics: [{ name: topic }],
        responsePartitionLimit: 1,
        cursor: null,
      }),
      'the next page': ({ topic }) => ({
        topics: [{ name: topic }],
        responsePartitionLimit: 1,
        cursor: { topicName: topic, partitionIndex: 1 },
      }),
    },
    broken: {
      'a page before the first': ({ topic }) => ({
        topics: [{ name: topic }],
        responsePartitionLimit: 1,
        cursor: { topicName: topic, partitionIndex: -1 },
      }),
    },
  }),
]
