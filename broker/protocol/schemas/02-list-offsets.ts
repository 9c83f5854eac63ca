import { arrayOf, int8, int16, int32, int64, message, string } from '../fields.ts'

export const listOffsetsRequest = message(
  { name: 'ListOffsetsRequest', apiKey: 2, versions: '1-11', flexible: '6+' },
  {
    replicaId: int32(),
    isolationLevel: int8('2+'),
    topics: arrayOf({
      name: string(),
      partitions: arrayOf({
        partitionIndex: int32(),
        currentLeaderEpoch: int32('4+', { default: -1 }),
        timestamp: int64(),
      }),
    }),
    timeoutMs: int32('10+'),
  },
)

export const listOffsetsResponse = message(
  { name: 'ListOffsetsResponse', apiKey: 2, versions: '1-11', flexible: '6+' },
  {
    throttleTimeMs: int32('2+'),
    topics: arrayOf({
      name: string(),
      partitions: arrayOf({
        partitionIndex: int32(),
        errorCode: int16(),
        timestamp: int64('0+', { default: -1 }),
        offset: int64('0+', { default: -1 }),
        leaderEpoch: int32('4+', { default: -1 }),
      }),
    }),
  },
)
