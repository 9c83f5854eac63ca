import { arrayOf, bool, int16, int32, message, string, struct, uuid } from '../fields.ts'

const cursor = { topicName: string(), partitionIndex: int32() }

export const describeTopicPartitionsRequest = message(
  { name: 'DescribeTopicPartitionsRequest', apiKey: 75, versions: '0', flexible: '0+' },
  {
    topics: arrayOf({ name: string() }),
    responsePartitionLimit: int32('0+', { default: 2000 }),
    cursor: struct(cursor, '0+', { nullable: '0+', default: null }),
  },
)

export const describeTopicPartitionsResponse = message(
  { name: 'DescribeTopicPartitionsResponse', apiKey: 75, versions: '0', flexible: '0+' },
  {
    throttleTimeMs: int32(),
    topics: arrayOf({
      errorCode: int16(),
      name: string('0+', { nullable: '0+' }),
      topicId: uuid(),
      isInternal: bool('0+', { default: false }),
      partitions: arrayOf({
        errorCode: int16(),
        partitionIndex: int32(),
        leaderId: int32(),
        leaderEpoch: int32('0+', { default: -1 }),
        replicaNodes: arrayOf(int32()),
        isrNodes: arrayOf(int32()),
        eligibleLeaderReplicas: arrayOf(int32(), '0+', { nullable: '0+', default: null }),
        lastKnownElr: arrayOf(int32(), '0+', { nullable: '0+', default: null }),
        offlineReplicas: arrayOf(int32()),
      }),
      topicAuthorizedOperations: int32('0+', { default: -2147483648 }),
    }),
    nextCursor: struct(cursor, '0+', { nullable: '0+', default: null }),
  },
)
