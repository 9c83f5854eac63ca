import { arrayOf, int16, int32, int64, message, string, uint16, uuid } from '../fields.ts'

const replicaState = {
  replicaId: int32(),
  replicaDirectoryId: uuid('2+'),
  logEndOffset: int64(),
  lastFetchTimestamp: int64('1+', { default: -1 }),
  lastCaughtUpTimestamp: int64('1+', { default: -1 }),
}

export const describeQuorumRequest = message(
  { name: 'DescribeQuorumRequest', apiKey: 55, versions: '0-2', flexible: '0+' },
  { topics: arrayOf({ topicName: string(), partitions: arrayOf({ partitionIndex: int32() }) }) },
)

export const describeQuorumResponse = message(
  { name: 'DescribeQuorumResponse', apiKey: 55, versions: '0-2', flexible: '0+' },
  {
    errorCode: int16(),
    errorMessage: string('2+', { nullable: '0+' }),
    topics: arrayOf({
      topicName: string(),
      partitions: arrayOf({
        partitionIndex: int32(),
        errorCode: int16(),
        errorMessage: string('2+', { nullable: '0+' }),
        leaderId: int32(),
        leaderEpoch: int32(),
        highWatermark: int64(),
        currentVoters: arrayOf(replicaState),
        observers: arrayOf(replicaState),
      }),
    }),
    nodes: arrayOf(
      { nodeId: int32(), listeners: arrayOf({ name: string(), host: string(), port: uint16() }) },
      '2+',
    ),
  },
)
