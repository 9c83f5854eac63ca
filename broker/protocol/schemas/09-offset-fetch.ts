import { arrayOf, bool, int16, int32, int64, message, string, uuid } from '../fields.ts'

export const offsetFetchRequest = message(
  { name: 'OffsetFetchRequest', apiKey: 9, versions: '1-10', flexible: '6+' },
  {
    groupId: string('0-7'),
    topics: arrayOf({ name: string(), partitionIndexes: arrayOf(int32()) }, '0-7', { nullable: '2+' }),
    groups: arrayOf(
      {
        groupId: string(),
        memberId: string('9+', { nullable: '0+', default: null }),
        memberEpoch: int32('9+', { default: -1 }),
        topics: arrayOf(
          { name: string('8-9'), topicId: uuid('10+'), partitionIndexes: arrayOf(int32()) },
          '0+',
          { nullable: '0+' },
        ),
      },
      '8+',
    ),
    requireStable: bool('7+', { default: false }),
  },
)

export const offsetFetchResponse = message(
  { name: 'OffsetFetchResponse', apiKey: 9, versions: '1-10', flexible: '6+' },
  {
    throttleTimeMs: int32('3+'),
    topics: arrayOf(
      {
        name: string(),
        partitions: arrayOf({
          partitionIndex: int32(),
          committedOffset: int64(),
          committedLeaderEpoch: int32('5+', { default: -1 }),
          metadata: string('0+', { nullable: '0+' }),
          errorCode: int16(),
        }),
      },
      '0-7',
    ),
    errorCode: int16('2-7', { default: 0 }),
    groups: arrayOf(
      {
        groupId: string(),
        topics: arrayOf({
          name: string('8-9'),
          topicId: uuid('10+'),
          partitions: arrayOf({
            partitionIndex: int32(),
            committedOffset: int64(),
            committedLeaderEpoch: int32('0+', { default: -1 }),
            metadata: string('0+', { nullable: '0+' }),
            errorCode: int16(),
          }),
        }),
        errorCode: int16('0+', { default: 0 }),
      },
      '8+',
    ),
  },
)
