/* OffsetForLeaderEpoch v2-4 (KIP-101, KIP-320). */
import { errorCode } from '../protocol/error-codes.ts'
import type {
  offsetForLeaderEpochRequest,
  offsetForLeaderEpochResponse,
} from '../protocol/schemas/23-offset-for-leader-epoch.ts'
import type { Handler } from './handler.ts'
import { leadershipError, missingPartitionError } from './leadership.ts'

export const offsetForLeaderEpoch: Handler<
  typeof offsetForLeaderEpochRequest,
  typeof offsetForLeaderEpochResponse
> = ({ node }, request) => ({
  throttleTimeMs: 0,
  topics: request.topics.map(({ topic, partitions }) => ({
    topic,
    partitions: partitions.map(({ partition: index, currentLeaderEpoch, leaderEpoch }) => {
      const partition = node.partition(topic, index)
      if (!partition) {
        return { partition: index, errorCode: missingPartitionError(node, { name: topic }, index) }
      }
      const leadership = leadershipError(partition, currentLeaderEpoch)
      if (leadership !== errorCode.none) return { partition: index, errorCode: leadership }
      const end = partition.endOffsetForEpoch(leaderEpoch)
      if ('ok' in end) return { partition: index, errorCode: errorCode.kafkaStorageError }
      return { partition: index, errorCode: errorCode.none, ...end }
    }),
  })),
})
