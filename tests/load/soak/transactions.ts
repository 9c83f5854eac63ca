/** Transactional producers of both generations, some of which leave their transaction to its timeout. */
import type { WireClient } from '../../../broker/protocol/client.ts'
import { errorOf } from '../../../broker/protocol/error-codes.ts'
import {
  addPartitionsToTxnRequest,
  addPartitionsToTxnResponse,
} from '../../../broker/protocol/schemas/24-add-partitions-to-txn.ts'
import {
  addOffsetsToTxnRequest,
  addOffsetsToTxnResponse,
} from '../../../broker/protocol/schemas/25-add-offsets-to-txn.ts'
import { endTxnRequest, endTxnResponse } from '../../../broker/protocol/schemas/26-end-txn.ts'
import {
  txnOffsetCommitRequest,
  txnOffsetCommitResponse,
} from '../../../broker/protocol/schemas/28-txn-offset-commit.ts'
import { encodeRecordBatch } from '../../../broker/records/record-batch-builder.ts'
import { AnswerError, check, findCoordinator, type NewTopic, produce } from '../requests.ts'
import { idOf, type TransactionOutcome } from './ledger.ts'
import { initProducerId, numbered } from './producers.ts'
import type { Soak } from './soak.ts'

type Producer = { transactionalId: string; producerId: number; producerEpoch: number; isVersion2: boolean }
type Transaction = { outcome: TransactionOutcome }

const transient = ['CONCURRENT_TRANSACTIONS', 'COORDINATOR_LOAD_IN_PROGRESS', 'NOT_COORDINATOR']
/** Of a transaction that timed out while its producer thought. */
const fenced = [
  'PRODUCER_FENCED',
  'INVALID_PRODUCER_EPOCH',
  'INVALID_TXN_STATE',
  'INVALID_PRODUCER_ID_MAPPING',
]

async function untilTaken<Answer>(soak: Soak, ask: () => Promise<Answer>): Promise<Answer> {
  for (;;) {
    try {
      return await ask()
    } catch (error) {
      if (!(error instanceof AnswerError && transient.includes(error.code))) throw error
      soak.count(`transactions: ${error.code}`)
      await soak.pause(5)
    }
  }
}

export function transactionalProducer(
  soak: Soak,
  topic: NewTopic,
  name: string,
  isVersion2: boolean,
  everyMs: number,
): Promise<void> {
  const random = soak.random()
  let number = 0
  let life = 0
  return soak.repeat(name, fenced, async (client) => {
    // Now and then a new id: the old one expires.
    const transactionalId = `${name}-${Math.floor(life++ / 5)}`
    await findCoordinator(client, transactionalId, 1)
    const started = await untilTaken(soak, () => initProducerId(client, transactionalId))
    const producer: Producer = { transactionalId, ...started, isVersion2 }
    let sequences = new Map<number, number>()
    for (let turns = random.between(10, 60); turns > 0 && !soak.isOver; turns--) {
      const transaction: Transaction = { outcome: 'open' }
      const added = new Set<number>()
      for (let batches = random.between(1, 4); batches > 0; batches--) {
        const partition = random.between(0, topic.partitions - 1)
        if (!isVersion2 && !added.has(partition))
          await untilTaken(soak, () => addPartition(client, producer, topic.name, partition))
        added.add(partition)
        const count = random.between(1, 5)
        const records = numbered(name, number, count, 300)
        number += count
        for (const { value } of records) soak.ledger.transactional.set(idOf(Buffer.from(value)), transaction)
        const baseSequence = sequences.get(partition) ?? 0
        const { producerId, producerEpoch } = producer
        const batch = encodeRecordBatch({
          ...{ records, producerId, producerEpoch, baseSequence, isTransactional: true },
          timestampMs: Date.now(),
        })
        const options = { transactionalId, version: isVersion2 ? 12 : 11 }
        await untilTaken(soak, () => produce(client, topic.name, partition, batch, options))
        sequences.set(partition, baseSequence + count)
      }
      if (random.isTrue(0.3)) await commitOffset(soak, client, producer, topic.name, number)
      // Its timeout aborts it.
      if (random.isTrue(0.02)) {
        transaction.outcome = 'aborted'
        soak.count('transactions abandoned')
        return
      }
      const isCommit = random.isTrue(0.85)
      const next = await untilTaken(soak, () => end(client, producer, isCommit))
      transaction.outcome = isCommit ? 'committed' : 'aborted'
      soak.count(isCommit ? 'transactions committed' : 'transactions aborted')
      if (isVersion2) {
        Object.assign(producer, next)
        sequences = new Map()
      }
      await soak.pause(everyMs)
    }
  })
}

async function addPartition(client: WireClient, producer: Producer, topic: string, partition: number) {
  const answer = await client.send(addPartitionsToTxnRequest, addPartitionsToTxnResponse, 3, {
    transactions: [],
    v3AndBelowTransactionalId: producer.transactionalId,
    v3AndBelowProducerId: producer.producerId,
    v3AndBelowProducerEpoch: producer.producerEpoch,
    v3AndBelowTopics: [{ name: topic, partitions: [partition] }],
  })
  const added = answer.resultsByTopicV3AndBelow[0]!.resultsByPartition[0]!
  check('add partition to transaction', added.partitionErrorCode)
}

async function commitOffset(
  soak: Soak,
  client: WireClient,
  producer: Producer,
  topic: string,
  offset: number,
): Promise<void> {
  const { transactionalId, producerId, producerEpoch, isVersion2 } = producer
  const identity = { transactionalId, producerId, producerEpoch, groupId: `of-${transactionalId}` }
  if (!isVersion2)
    await untilTaken(soak, async () => {
      const answer = await client.send(addOffsetsToTxnRequest, addOffsetsToTxnResponse, 3, identity)
      check('add offsets to transaction', answer.errorCode)
    })
  const partitions = [{ partitionIndex: 0, committedOffset: offset, committedMetadata: null }]
  await untilTaken(soak, async () => {
    const body = { ...identity, topics: [{ name: topic, partitions }] }
    const answer = await client.send(
      txnOffsetCommitRequest,
      txnOffsetCommitResponse,
      isVersion2 ? 5 : 3,
      body,
    )
    check('commit offset in transaction', answer.topics[0]!.partitions[0]!.errorCode)
  })
}

async function end(client: WireClient, producer: Producer, committed: boolean) {
  const { transactionalId, producerId, producerEpoch, isVersion2 } = producer
  const body = { transactionalId, producerId, producerEpoch, committed }
  const answer = await client.send(endTxnRequest, endTxnResponse, isVersion2 ? 5 : 3, body)
  if (answer.errorCode !== 0) throw new AnswerError('end transaction', errorOf(answer.errorCode).name)
  return { producerId: answer.producerId, producerEpoch: answer.producerEpoch }
}
