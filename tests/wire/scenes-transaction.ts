import {
  initProducerIdRequest,
  initProducerIdResponse,
} from '../../broker/protocol/schemas/22-init-producer-id.ts'
import {
  addPartitionsToTxnRequest,
  addPartitionsToTxnResponse,
} from '../../broker/protocol/schemas/24-add-partitions-to-txn.ts'
import {
  addOffsetsToTxnRequest,
  addOffsetsToTxnResponse,
} from '../../broker/protocol/schemas/25-add-offsets-to-txn.ts'
import { endTxnRequest, endTxnResponse } from '../../broker/protocol/schemas/26-end-txn.ts'
import {
  txnOffsetCommitRequest,
  txnOffsetCommitResponse,
} from '../../broker/protocol/schemas/28-txn-offset-commit.ts'
import {
  describeTransactionsRequest,
  describeTransactionsResponse,
} from '../../broker/protocol/schemas/65-describe-transactions.ts'
import {
  listTransactionsRequest,
  listTransactionsResponse,
} from '../../broker/protocol/schemas/66-list-transactions.ts'
import { everyVersion, type Stage } from './stage.ts'

/** Producer ids, and one transaction a version of EndTxn. */
export async function playTransactions(stage: Stage): Promise<void> {
  await everyVersion(stage, initProducerIdRequest, initProducerIdResponse, () => ({
    transactionalId: null,
    transactionTimeoutMs: 10_000,
  }))
  for (let version = 0; version <= endTxnRequest.versions.max; version++) {
    await playTransaction(stage, `golden-${version}`, version)
  }
  await everyVersion(stage, describeTransactionsRequest, describeTransactionsResponse, () => ({
    transactionalIds: ['golden-0', 'missing'],
  }))
  await everyVersion(stage, listTransactionsRequest, listTransactionsResponse, () => ({
    stateFilters: [],
    producerIdFilters: [],
  }))
}

async function playTransaction(stage: Stage, transactionalId: string, version: number): Promise<void> {
  const { client, topic } = stage
  const least = (max: number) => Math.min(version, max)
  const init = { transactionalId, transactionTimeoutMs: 10_000 }
  const started = await client.send(initProducerIdRequest, initProducerIdResponse, version, init)
  const producer = { producerId: started.producerId, producerEpoch: started.producerEpoch }
  const topics = [{ name: topic, partitions: [0, 1] }]
  await client.send(addPartitionsToTxnRequest, addPartitionsToTxnResponse, least(3), {
    v3AndBelowTransactionalId: transactionalId,
    v3AndBelowProducerId: producer.producerId,
    v3AndBelowProducerEpoch: producer.producerEpoch,
    v3AndBelowTopics: topics,
  })
  if (version > 3) {
    await client.send(addPartitionsToTxnRequest, addPartitionsToTxnResponse, version, {
      transactions: [{ transactionalId, ...producer, topics }],
    })
  }
  const offsets = { groupId: 'golden-transactions', transactionalId, ...producer }
  await client.send(addOffsetsToTxnRequest, addOffsetsToTxnResponse, least(4), offsets)
  await client.send(txnOffsetCommitRequest, txnOffsetCommitResponse, version, {
    ...offsets,
    topics: [
      { name: topic, partitions: [{ partitionIndex: 0, committedOffset: 3, committedMetadata: null }] },
    ],
  })
  await client.send(endTxnRequest, endTxnResponse, version, {
    transactionalId,
    ...producer,
    committed: version % 2 === 0,
  })
}
