import { initProducerIdRequest } from '../../../../broker/protocol/schemas/22-init-producer-id.ts'
import { addPartitionsToTxnRequest } from '../../../../broker/protocol/schemas/24-add-partitions-to-txn.ts'
import { addOffsetsToTxnRequest } from '../../../../broker/protocol/schemas/25-add-offsets-to-txn.ts'
import { endTxnRequest } from '../../../../broker/protocol/schemas/26-end-txn.ts'
import { writeTxnMarkersRequest } from '../../../../broker/protocol/schemas/27-write-txn-markers.ts'
import { txnOffsetCommitRequest } from '../../../../broker/protocol/schemas/28-txn-offset-commit.ts'
import { describeTransactionsRequest } from '../../../../broker/protocol/schemas/65-describe-transactions.ts'
import { listTransactionsRequest } from '../../../../broker/protocol/schemas/66-list-transactions.ts'
import { type ApiCase, apiCase } from './api-case.ts'
import type { Producer, Stage } from './stage.ts'

type Begun = Producer & { id: string; topic: string }

const topic = 'of-transactions'
const topics = new WeakMap<object, Promise<string>>()

/** A producer with a transactional id of its own. */
async function begun(stage: Stage): Promise<Begun> {
  const made = topics.get(stage.names) ?? stage.topic(topic, { partitions: 2 })
  topics.set(stage.names, made)
  await made
  return { id: stage.key, topic, ...(await stage.producer(stage.key)) }
}

/** One with a partition in its transaction. */
async function ongoing(stage: Stage): Promise<Begun> {
  const producer = await begun(stage)
  await stage.addToTransaction(producer.id, producer, topic)
  return producer
}

const identity = ({ producerId, producerEpoch }: Producer) => ({ producerId, producerEpoch })

const added = (begun: Begun, partitions = [0], more = {}) => ({
  transactions: [
    { transactionalId: begun.id, ...identity(begun), topics: [{ name: begun.topic, partitions }], ...more },
  ],
  v3AndBelowTransactionalId: begun.id,
  v3AndBelowProducerId: begun.producerId,
  v3AndBelowProducerEpoch: begun.producerEpoch,
  v3AndBelowTopics: [{ name: begun.topic, partitions }],
})

const ended = (begun: Begun, committed = true) => ({
  transactionalId: begun.id,
  ...identity(begun),
  committed,
})

const marked = (topicName: string, more = {}) => ({
  markers: [
    {
      producerId: 5_000,
      producerEpoch: 0,
      transactionResult: true,
      topics: [{ name: topicName, partitionIndexes: [0] }],
      coordinatorEpoch: 0,
      ...more,
    },
  ],
})

/** Transactions of both generations. */
export const transactionCases: readonly ApiCase[] = [
  apiCase(initProducerIdRequest, {
    arrange: async (stage) => ({ id: stage.key }),
    isConsumed: true,
    base: ({ id }) => ({ transactionalId: id, transactionTimeoutMs: 60_000 }),
    valid: { 'without transactions': () => ({ transactionalId: null, transactionTimeoutMs: 60_000 }) },
    broken: {
      'a producer that nobody gave out': [
        3,
        ({ id }) => ({ transactionalId: id, transactionTimeoutMs: 60_000, producerId: 77, producerEpoch: 3 }),
      ],
      'a timeout above the limit': ({ id }) => ({ transactionalId: id, transactionTimeoutMs: 900_001 }),
    },
  }),
  apiCase(addPartitionsToTxnRequest, {
    // Kafka never answers when there is nothing to do.
    without: /transactions empty/,
    arrange: begun,
    isConsumed: true,
    base: (begun) => added(begun),
    valid: { 'to verify': [4, (begun) => added(begun, [0], { verifyOnly: true })] },
    edge: { 'a known and an unknown partition': (begun) => added(begun, [0, 9]) },
  }),
  apiCase(addOffsetsToTxnRequest, {
    arrange: begun,
    isConsumed: true,
    base: (begun) => ({ transactionalId: begun.id, ...identity(begun), groupId: `${begun.id}-group` }),
  }),
  apiCase(endTxnRequest, {
    arrange: ongoing,
    isConsumed: true,
    base: (begun) => ended(begun),
    valid: { 'taking back': (begun) => ended(begun, false) },
    broken: {
      'the epoch before': (begun) => ({ ...ended(begun), producerEpoch: begun.producerEpoch - 1 }),
    },
  }),
  apiCase(writeTxnMarkersRequest, {
    // Kafka fails inside and never answers.
    without: /(topics|partitionIndexes) twice/,
    arrange: async (stage) => {
      await stage.topic(stage.key, { partitions: 2 })
      return { topic: stage.key }
    },
    base: ({ topic }) => marked(topic),
    valid: { 'taking back': ({ topic }) => marked(topic, { transactionResult: false, producerEpoch: 1 }) },
    broken: { 'an older epoch': ({ topic }) => marked(topic, { producerEpoch: 0 }) },
  }),
  apiCase(txnOffsetCommitRequest, {
    arrange: async (stage) => {
      const producer = await begun(stage)
      const group = `${stage.key}-group`
      await stage.addGroupToTransaction(producer.id, producer, group)
      return { ...producer, group }
    },
    isConsumed: true,
    base: (begun) => ({
      transactionalId: begun.id,
      groupId: begun.group,
      ...identity(begun),
      topics: [
        {
          name: begun.topic,
          partitions: [{ partitionIndex: 0, committedOffset: 3, committedMetadata: 'a note' }],
        },
      ],
    }),
  }),
  apiCase(describeTransactionsRequest, {
    arrange: ongoing,
    isReading: true,
    base: ({ id }) => ({ transactionalIds: [id] }),
    edge: { 'one that is there and one that is not': ({ id }) => ({ transactionalIds: [id, 'unknown'] }) },
  }),
  apiCase(listTransactionsRequest, {
    arrange: ongoing,
    isReading: true,
    base: ({ producerId }) => ({
      stateFilters: ['Ongoing'],
      producerIdFilters: [producerId],
      durationFilter: -1,
      transactionalIdPattern: null,
    }),
    edge: {
      all: () => ({ stateFilters: [], producerIdFilters: [] }),
      'by a pattern': [
        2,
        ({ id }) => ({ stateFilters: [], producerIdFilters: [], transactionalIdPattern: `${id}.*` }),
      ],
    },
    broken: {
      'a pattern that is none': [
        2,
        () => ({ stateFilters: [], producerIdFilters: [], transactionalIdPattern: '(' }),
      ],
    },
    own: { transactionStates: ({ transactionalId }, key) => transactionalId === key },
  }),
]
