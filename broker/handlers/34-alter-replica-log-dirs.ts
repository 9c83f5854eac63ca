import { errorCode } from '../protocol/error-codes.ts'
import type {
  alterReplicaLogDirsRequest,
  alterReplicaLogDirsResponse,
} from '../protocol/schemas/34-alter-replica-log-dirs.ts'
import type { Handler } from './handler.ts'

/** v1-2. There is one data folder: a replica is already there, and any other is not known. */
export const alterReplicaLogDirs: Handler<
  typeof alterReplicaLogDirsRequest,
  typeof alterReplicaLogDirsResponse
> = ({ node }, { dirs }) => {
  const known = new Set(node.logDirs().map(({ path }) => path))
  const results = new Map<string, { partitionIndex: number; errorCode: number }[]>()
  for (const { path, topics } of dirs) {
    for (const { name, partitions } of topics) {
      const ofTopic = results.get(name) ?? []
      results.set(name, ofTopic)
      for (const partitionIndex of partitions) {
        const isHere = node.partition(name, partitionIndex) !== undefined
        const missing = isHere ? errorCode.none : errorCode.unknownTopicOrPartition
        ofTopic.push({ partitionIndex, errorCode: known.has(path) ? missing : errorCode.logDirNotFound })
      }
    }
  }
  return {
    throttleTimeMs: 0,
    results: [...results].map(([topicName, partitions]) => ({ topicName, partitions })),
  }
}
