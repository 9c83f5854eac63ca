/* InitProducerId v0-5 for the idempotent producer; a transactional id is refused: there are no transactions yet. */
import { MetadataWriteError } from '../cluster/metadata-log.ts'
import { errorCode } from '../protocol/error-codes.ts'
import type {
  initProducerIdRequest,
  initProducerIdResponse,
} from '../protocol/schemas/22-init-producer-id.ts'
import type { Handler } from './handler.ts'

function refusal(code: number) {
  return { throttleTimeMs: 0, errorCode: code, producerId: -1, producerEpoch: -1 }
}

export const initProducerId: Handler<typeof initProducerIdRequest, typeof initProducerIdResponse> = (
  context,
  request,
) => {
  if (request.transactionalId === '') return refusal(errorCode.invalidRequest)
  if (request.transactionalId !== null) return refusal(errorCode.unsupportedVersion)
  try {
    return {
      throttleTimeMs: 0,
      errorCode: errorCode.none,
      producerId: context.node.producerIds.next(),
      producerEpoch: 0,
    }
  } catch (error) {
    if (error instanceof MetadataWriteError) return refusal(errorCode.kafkaStorageError)
    throw error
  }
}
