import { listOffsetsV7 } from '@platformatic/kafka'
import type { KafkaClient, TopicMetadata } from './kafka-client.ts'
import { withErrorCodes } from './kafka-error.ts'

export const latestOffset = -1
export const earliestOffset = -2
/** Offset of the record with the largest timestamp. */
export const maxTimestampOffset = -3

export type ListedOffset = {
  topic: string
  partition: number
  errorCode: number
  /** −1: no record at or after that time. */
  offset: number
  timestamp: number
}

export type OffsetQuestion = { topic: string; partition: number; leader: number; timestamp: number }

const readUncommitted = 0
const readCommitted = 1
const leaderNotAvailable = 5

/** ListOffsets (2) v7 to each leader at once. Partitions without a leader answer LEADER_NOT_AVAILABLE. */
export async function listOffsets(
  client: KafkaClient,
  questions: readonly OffsetQuestion[],
  options: { committed?: boolean } = {},
): Promise<ListedOffset[]> {
  const byLeader = Map.groupBy(questions, (question) => question.leader)
  const answers = [...byLeader].map(async ([leader, ofLeader]) => {
    if (leader < 0) return ofLeader.map((question) => failed(question, leaderNotAvailable))
    const connection = await client.node(leader)
    const isolation = options.committed ? readCommitted : readUncommitted
    const response = await withErrorCodes(
      listOffsetsV7.api.async(connection, -1, isolation, requestTopics(ofLeader)),
    )
    return response.topics.flatMap(({ name, partitions }) =>
      partitions.map((partition) => ({
        topic: name,
        partition: partition.partitionIndex,
        errorCode: partition.errorCode,
        offset: Number(partition.offset),
        timestamp: Number(partition.timestamp),
      })),
    )
  })
  return (await Promise.all(answers)).flat()
}

/** Offsets of all (or the chosen) partitions of a topic for one time, by partition; failed ones are left out. */
export async function topicOffsets(
  client: KafkaClient,
  topic: TopicMetadata,
  timestamp: number,
  options: { committed?: boolean } = {},
): Promise<Map<number, number>> {
  const questions = topic.partitions.map(({ partitionIndex, leaderId }) => ({
    topic: topic.name,
    partition: partitionIndex,
    leader: leaderId,
    timestamp,
  }))
  const listed = await listOffsets(client, questions, options)
  return new Map(
    listed.filter(({ errorCode }) => errorCode === 0).map(({ partition, offset }) => [partition, offset]),
  )
}

function failed({ topic, partition }: OffsetQuestion, errorCode: number): ListedOffset {
  return { topic, partition, errorCode, offset: -1, timestamp: -1 }
}

function requestTopics(questions: readonly OffsetQuestion[]) {
  return [...Map.groupBy(questions, ({ topic }) => topic)].map(([name, ofTopic]) => ({
    name,
    partitions: ofTopic.map(({ partition, timestamp }) => ({
      partitionIndex: partition,
      currentLeaderEpoch: -1,
      timestamp: BigInt(timestamp),
    })),
  }))
}
