import { decode, encodeBuffer } from '../../protocol/codec.ts'
import { transactionLogKey, transactionLogValue } from '../../protocol/records/transaction-log.ts'
import type { CoordinatorRecord } from '../partition-writer.ts'
import { noProducerEpoch, type Transaction, type TransactionState, transactionStates } from './transaction.ts'

const keyType = 0
/** Flexible, with the producer ids before and after; what Kafka writes at transaction.version 1 and 2. */
const valueVersion = 1

function withPrefix(prefix: number, bytes: Buffer): Buffer {
  const buffer = Buffer.allocUnsafe(2 + bytes.length)
  buffer.writeInt16BE(prefix, 0)
  bytes.copy(buffer, 2)
  return buffer
}

/** Kafka's bytes of a transaction's record in `__transaction_state`. */
export function encodeTransaction(transaction: Transaction): CoordinatorRecord {
  const partitions = [...transaction.partitions].map(([topic, indexes]) => ({
    topic,
    partitionIds: [...indexes],
  }))
  const value = encodeBuffer(transactionLogValue, valueVersion, {
    producerId: transaction.producerId,
    previousProducerId: transaction.previousProducerId,
    nextProducerId: transaction.nextProducerId,
    producerEpoch: transaction.producerEpoch,
    transactionTimeoutMs: transaction.timeoutMs,
    transactionStatus: transactionStates.indexOf(transaction.state),
    transactionPartitions: transaction.state === 'Empty' ? null : partitions,
    transactionLastUpdateTimestampMs: transaction.lastUpdateMs,
    transactionStartTimestampMs: transaction.startMs,
    clientTransactionVersion: transaction.clientVersion,
  })
  return { key: encodeKey(transaction.transactionalId), value: withPrefix(valueVersion, value) }
}

export function encodeTombstone(transactionalId: string): CoordinatorRecord {
  return { key: encodeKey(transactionalId), value: null }
}

function encodeKey(transactionalId: string): Buffer {
  return withPrefix(keyType, encodeBuffer(transactionLogKey, 0, { transactionalId }))
}

/** A record as it is replayed; undefined for a type or version newer than us, which Kafka skips too. */
export type StoredTransaction = { readonly transactionalId: string; readonly transaction: Transaction | null }

/** Throws DecodeError or RangeError on bad bytes. */
export function decodeTransaction(key: Buffer, value: Buffer | null): StoredTransaction | undefined {
  if (key.readInt16BE(0) !== keyType) return undefined
  const { transactionalId } = decode(transactionLogKey, 0, key.subarray(2))
  if (value === null) return { transactionalId, transaction: null }
  const version = value.readInt16BE(0)
  if (version < 0 || version > valueVersion) return undefined
  const stored = decode(transactionLogValue, version, value.subarray(2))
  const partitions = new Map<string, ReadonlySet<number>>()
  for (const { topic, partitionIds } of stored.transactionPartitions ?? [])
    partitions.set(topic, new Set(partitionIds))
  return {
    transactionalId,
    transaction: {
      transactionalId,
      producerId: stored.producerId,
      previousProducerId: stored.previousProducerId,
      nextProducerId: stored.nextProducerId,
      producerEpoch: stored.producerEpoch,
      lastProducerEpoch: noProducerEpoch,
      timeoutMs: stored.transactionTimeoutMs,
      state: stateOf(stored.transactionStatus),
      partitions,
      startMs: stored.transactionStartTimestampMs,
      lastUpdateMs: stored.transactionLastUpdateTimestampMs,
      clientVersion: stored.clientTransactionVersion,
    },
  }
}

function stateOf(status: number): TransactionState {
  const state = transactionStates[status]
  if (state === undefined || state === 'Dead' || state === 'PrepareEpochFence') {
    throw new RangeError(`transaction status ${status} is never stored`)
  }
  return state
}
