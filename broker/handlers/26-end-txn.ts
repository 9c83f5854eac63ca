/* EndTxn v0-5. From v5 on (transaction version 2, KIP-890) the answer has the epoch of the next transaction. */
import type { endTxnRequest, endTxnResponse } from '../protocol/schemas/26-end-txn.ts'
import type { Handler } from './handler.ts'
import { fencedError } from './transaction-error.ts'

const firstVersionWithEpochBump = 5
const epochBumpVersion = 2

export const endTxn: Handler<typeof endTxnRequest, typeof endTxnResponse> = async (context, request) => {
  const { transactionalId, producerId, producerEpoch, committed } = request
  const clientVersion = context.apiVersion >= firstVersionWithEpochBump ? epochBumpVersion : 0
  const answer = await context.transactions.endTransaction(transactionalId, {
    producerId,
    producerEpoch,
    committed,
    clientVersion,
  })
  return { throttleTimeMs: 0, ...answer, errorCode: fencedError(context, answer.errorCode) }
}
