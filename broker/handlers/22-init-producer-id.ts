/* InitProducerId v0-5. Without a transactional id anybody gets a new producer id; with one, its coordinator says. */
import { MetadataWriteError } from '../cluster/metadata-log.ts'
import type { ProducerIdentity } from '../coordinator/transaction/init-producer-id.ts'
import { errorCode } from '../protocol/error-codes.ts'
import type {
  initProducerIdRequest,
  initProducerIdResponse,
} from '../protocol/schemas/22-init-producer-id.ts'
import type { Handler, HandlerContext } from './handler.ts'
import { fencedError } from './transaction-error.ts'

const none = -1

function refusal(code: number) {
  return { throttleTimeMs: 0, errorCode: code, producerId: none, producerEpoch: none }
}

export const initProducerId: Handler<typeof initProducerIdRequest, typeof initProducerIdResponse> = async (
  context,
  request,
) => {
  const { transactionalId, transactionTimeoutMs } = request
  const hasId = request.producerId !== none
  // KIP-360: both or neither; a half-known identity is nobody's.
  if (hasId !== (request.producerEpoch !== none)) return refusal(errorCode.invalidRequest)
  if (transactionalId === null) return newProducer(context)
  const expected: ProducerIdentity | undefined = hasId ? request : undefined
  const answer = await context.transactions.initProducerId({
    transactionalId,
    timeoutMs: transactionTimeoutMs,
    expected,
  })
  return { throttleTimeMs: 0, ...answer, errorCode: fencedError(context, answer.errorCode) }
}

function newProducer({ node }: HandlerContext) {
  try {
    const producerId = node.producerIds.next()
    return { throttleTimeMs: 0, errorCode: errorCode.none, producerId, producerEpoch: 0 }
  } catch (error) {
    if (error instanceof MetadataWriteError) return refusal(errorCode.kafkaStorageError)
    throw error
  }
}
