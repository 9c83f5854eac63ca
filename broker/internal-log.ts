import type { BrokerNode } from './cluster/node.ts'
import type {
  CoordinatorRecord,
  PartitionWriter,
  ProducerOfRecords,
  StoredBatch,
  WriteResult,
} from './coordinator/partition-writer.ts'
import { codeOfName } from './handlers/error-by-name.ts'
import { endTransactionMarkerOf } from './records/control-record.ts'
import { recordsOf } from './records/record.ts'
import { batchesOf, type RecordBatch } from './records/record-batch.ts'
import { encodeRecordBatch } from './records/record-batch-builder.ts'

const readBytes = 1024 * 1024

/** How a coordinator writes and reads the partitions of its topic that lie on this node. */
export function internalLog(node: BrokerNode, topic: string): PartitionWriter {
  return {
    append: (partition, records, timestampMs, producer) =>
      append(node, topic, partition, records, timestampMs, producer),
    read: (partition) => read(node, topic, partition),
  }
}

function append(
  node: BrokerNode,
  topic: string,
  index: number,
  records: readonly CoordinatorRecord[],
  timestampMs: number,
  producer: ProducerOfRecords | undefined,
): WriteResult {
  const partition = node.partition(topic, index)
  if (!partition?.isLeader) return { ok: false, errorCode: codeOfName('NOT_LEADER_OR_FOLLOWER') }
  const batch = producer
    ? { records, timestampMs, isTransactional: true, ...producer }
    : { records, timestampMs }
  const result = partition.append(encodeRecordBatch(batch), 'coordinator')
  return result.ok ? { ok: true } : { ok: false, errorCode: codeOfName(result.error) }
}

function* read(node: BrokerNode, topic: string, index: number): Generator<StoredBatch> {
  const partition = node.partition(topic, index)
  if (!partition) return
  let offset = partition.logStartOffset
  while (offset < partition.logEndOffset) {
    const result = partition.read({ offset, maxBytes: readBytes, bound: 'logEnd', minOneBatch: true })
    if (!result.ok) throw new Error(`cannot be read from offset ${offset}: ${result.error}`)
    const before = offset
    for (const batch of batchesOf(result.records)) {
      offset = batch.lastOffset + 1
      const stored = storedBatch(batch)
      if (stored) yield stored
    }
    if (offset === before) return
  }
}

/** Undefined for control batches that end no transaction. */
function storedBatch(batch: RecordBatch): StoredBatch | undefined {
  const { baseOffset, producerId } = batch
  if (batch.isControl) {
    const marker = endTransactionMarkerOf(batch)
    return marker && { baseOffset, records: [], transaction: { producerId, marker: marker.type } }
  }
  const records = [...recordsOf(batch)]
  return batch.isTransactional
    ? { baseOffset, records, transaction: { producerId } }
    : { baseOffset, records }
}
