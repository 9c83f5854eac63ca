import { errorCode } from '../protocol/error-codes.ts'
import type {
  createPartitionsRequest,
  createPartitionsResponse,
} from '../protocol/schemas/37-create-partitions.ts'
import { duplicatesOf } from './duplicates.ts'
import type { Handler } from './handler.ts'

/** CreatePartitions v0–3 (KIP-195): `count` is the new total. */
export const createPartitions: Handler<typeof createPartitionsRequest, typeof createPartitionsResponse> = (
  { node },
  request,
) => {
  const twice = duplicatesOf(request.topics.map(({ name }) => name))
  const topics = request.topics.filter(({ name }) => !twice.has(name))
  const outcomes = node.controller.createPartitions(topics, { validateOnly: request.validateOnly })
  return {
    throttleTimeMs: 0,
    results: [
      ...[...twice].map((name) => ({
        name,
        errorCode: errorCode.invalidRequest,
        errorMessage: 'Duplicate topic name.',
      })),
      ...outcomes.map((outcome, index) => ({
        name: topics[index]!.name,
        errorCode: outcome.errorCode,
        errorMessage: outcome.message,
      })),
    ],
  }
}
