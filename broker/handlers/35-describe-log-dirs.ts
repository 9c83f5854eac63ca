import type { LogDirDescription } from '../cluster/node.ts'
import type { Partition } from '../cluster/partition.ts'
import { errorCode } from '../protocol/error-codes.ts'
import type { Encodable } from '../protocol/fields.ts'
import type {
  describeLogDirsRequest,
  describeLogDirsResponse,
} from '../protocol/schemas/35-describe-log-dirs.ts'
import type { Handler } from './handler.ts'

type DirResult = Encodable<typeof describeLogDirsResponse>['results'][number]
type TopicResult = DirResult['topics'][number]

/** DescribeLogDirs v1–5: null topics ask for all; partitions that are not here are left out, as Kafka does. */
export const describeLogDirs: Handler<typeof describeLogDirsRequest, typeof describeLogDirsResponse> = (
  { node },
  request,
) => {
  const wanted = request.topics?.flatMap(({ topic, partitions }) =>
    partitions.map((index) => node.partition(topic, index)),
  )
  const online = [...new Set(wanted ?? node.partitions())].filter(
    (partition): partition is Partition => partition !== undefined && partition.state.status !== 'offline',
  )
  const topics = topicsOf(online)
  return {
    throttleTimeMs: 0,
    errorCode: errorCode.none,
    results: node.logDirs().map((dir) => describeDir(dir, topics)),
  }
}

function describeDir(dir: LogDirDescription, topics: readonly TopicResult[]): DirResult {
  if (dir.error !== null) {
    return { errorCode: errorCode.kafkaStorageError, logDir: dir.path, topics: [] }
  }
  return {
    errorCode: errorCode.none,
    logDir: dir.path,
    topics,
    totalBytes: dir.totalBytes,
    usableBytes: dir.usableBytes,
    isCordoned: false,
  }
}

function topicsOf(partitions: readonly Partition[]): TopicResult[] {
  return [...Map.groupBy(partitions, ({ topic }) => topic)].map(([name, ofTopic]) => ({
    name,
    partitions: ofTopic.map((partition) => ({
      partitionIndex: partition.index,
      partitionSize: partition.sizeBytes,
      offsetLag: Math.max(0, partition.highWatermark - partition.logEndOffset),
      isFutureKey: false,
    })),
  }))
}
