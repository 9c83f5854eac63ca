import { errorCode } from '../protocol/error-codes.ts'
import type {
  createPartitionsRequest,
  createPartitionsResponse,
} from '../protocol/schemas/37-create-partitions.ts'
import { duplicatesOf } from './duplicates.ts'
import type { Handler } from './handler.ts'
import { timedOutMessage } from './timed-out.ts'

/** From it on a client understands THROTTLING_QUOTA_EXCEEDED. */
const firstThrottledVersion = 3

/** CreatePartitions v0–3 (KIP-195): `count` is the new total. */
export const createPartitions: Handler<typeof createPartitionsRequest, typeof createPartitionsResponse> = (
  { node, apiVersion, mutationQuota },
  request,
) => {
  if (request.timeoutMs <= 0) {
    const timedOut = { errorCode: errorCode.requestTimedOut, errorMessage: timedOutMessage }
    return { throttleTimeMs: 0, results: request.topics.map(({ name }) => ({ name, ...timedOut })) }
  }
  const twice = duplicatesOf(request.topics.map(({ name }) => name))
  const topics = request.topics.filter(({ name }) => !twice.has(name))
  const quota = mutationQuota(apiVersion >= firstThrottledVersion)
  const outcomes = node.controller.createPartitions(topics, {
    validateOnly: request.validateOnly,
    charge: (count) => quota.take(count),
  })
  return {
    throttleTimeMs: quota.throttleMs,
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
