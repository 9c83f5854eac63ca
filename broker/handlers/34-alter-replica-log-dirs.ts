import { errorCode } from '../protocol/error-codes.ts'
import type {
  alterReplicaLogDirsRequest,
  alterReplicaLogDirsResponse,
} from '../protocol/schemas/34-alter-replica-log-dirs.ts'
import type { Handler } from './handler.ts'

const maxFileNameLength = 255

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
        const code = known.has(path) ? missing : errorCode.logDirNotFound
        const isTooLong = futureLogDirName(name, partitionIndex).length > maxFileNameLength
        ofTopic.push({ partitionIndex, errorCode: isTooLong ? errorCode.invalidTopicException : code })
      }
    }
  }
  return {
    throttleTimeMs: 0,
    results: [...results]
      .filter(([, partitions]) => partitions.length > 0)
      .map(([topicName, partitions]) => ({ topicName, partitions })),
  }
}

/** The folder that Kafka copies a replica into before it takes the old one's place. */
function futureLogDirName(topic: string, partition: number): string {
  return `${topic}-${partition}.${'0'.repeat(32)}-future`
}
