import { offsetsTopic } from '../cluster/internal-topics.ts'
import type { BrokerNode } from '../cluster/node.ts'
import type { Partition } from '../cluster/partition.ts'
import type { GroupCoordinator } from '../coordinator/group-coordinator.ts'
import type { TransactionMarker } from '../coordinator/transaction/marker-writer.ts'
import { errorCode } from '../protocol/error-codes.ts'
import { encodeEndTransactionMarker } from '../records/control-record.ts'
import { codeOfName } from './error-by-name.ts'

const epochBumpVersion = 2

/**
 * Ends a producer's transaction on one partition of this node; the error code. Offsets that were committed within
 * it take effect, or are forgotten, in the group coordinator.
 */
export function writeMarker(
  node: BrokerNode,
  groups: GroupCoordinator,
  marker: TransactionMarker,
  topic: string,
  index: number,
): number {
  const partition = node.partition(topic, index)
  if (!partition) return errorCode.unknownTopicOrPartition
  if (!partition.isLeader) return errorCode.notLeaderOrFollower
  if (isOfLastTransaction(partition, marker)) return errorCode.invalidProducerEpoch
  const write = () => append(partition, marker, node.clock.nowMs())
  if (topic !== offsetsTopic) return write()
  return groups.endTransaction(index, marker.producerId, marker.committed, write)
}

/** A marker that comes late or twice must not end the next transaction, whose records have the marker's epoch. */
function isOfLastTransaction(partition: Partition, { producerId, ...marker }: TransactionMarker): boolean {
  if (marker.transactionVersion < epochBumpVersion) return false
  const producer = partition.activeProducer(producerId)
  return producer?.producerEpoch === marker.producerEpoch && producer.currentTransactionStartOffset >= 0
}

function append(partition: Partition, marker: TransactionMarker, timestampMs: number): number {
  const { producerId, producerEpoch, coordinatorEpoch } = marker
  const type = marker.committed ? 'commit' : 'abort'
  const batch = encodeEndTransactionMarker({ type, producerId, producerEpoch, coordinatorEpoch, timestampMs })
  const result = partition.append(batch, 'coordinator')
  return result.ok ? errorCode.none : codeOfName(result.error)
}
