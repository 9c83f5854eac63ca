/* AddOffsetsToTxn v0-4: makes the group's partition of `__consumer_offsets` part of the transaction. */
import { offsetsTopic } from '../cluster/internal-topics.ts'
import type {
  addOffsetsToTxnRequest,
  addOffsetsToTxnResponse,
} from '../protocol/schemas/25-add-offsets-to-txn.ts'
import type { Handler } from './handler.ts'
import { fencedError } from './transaction-error.ts'

export const addOffsetsToTxn: Handler<typeof addOffsetsToTxnRequest, typeof addOffsetsToTxnResponse> = async (
  context,
  { transactionalId, producerId, producerEpoch, groupId },
) => {
  const code = await context.transactions.addPartitions(transactionalId, {
    producerId,
    producerEpoch,
    partitions: new Map([[offsetsTopic, new Set([context.coordinator.partitionFor(groupId)])]]),
    clientVersion: 0,
  })
  return { throttleTimeMs: 0, errorCode: fencedError(context, code) }
}
