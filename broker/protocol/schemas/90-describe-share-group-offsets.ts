import { arrayOf, int16, int32, int64, message, string, uuid } from '../fields.ts'

export const describeShareGroupOffsetsRequest = message(
  { name: 'DescribeShareGroupOffsetsRequest', apiKey: 90, versions: '0-1', flexible: '0+' },
  {
    groups: arrayOf({
      groupId: string(),
      topics: arrayOf({ topicName: string(), partitions: arrayOf(int32()) }, '0+', { nullable: '0+' }),
    }),
  },
)

export const describeShareGroupOffsetsResponse = message(
  { name: 'DescribeShareGroupOffsetsResponse', apiKey: 90, versions: '0-1', flexible: '0+' },
  {
    throttleTimeMs: int32(),
    groups: arrayOf({
      groupId: string(),
      topics: arrayOf({
        topicName: string(),
        topicId: uuid(),
        partitions: arrayOf({
          partitionIndex: int32(),
          startOffset: int64(),
          leaderEpoch: int32(),
          lag: int64('1+', { default: -1 }),
          errorCode: int16(),
          errorMessage: string('0+', { nullable: '0+', default: null }),
        }),
      }),
      errorCode: int16(),
      errorMessage: string('0+', { nullable: '0+', default: null }),
    }),
  },
)
