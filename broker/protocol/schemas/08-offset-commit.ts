import { arrayOf, int16, int32, int64, message, string, uuid } from '../fields.ts'

export const offsetCommitRequest = message(
  { name: 'OffsetCommitRequest', apiKey: 8, versions: '2-10', flexible: '8+' },
  {
    groupId: string(),
    generationIdOrMemberEpoch: int32('0+', { default: -1 }),
    memberId: string(),
    groupInstanceId: string('7+', { nullable: '0+', default: null }),
    retentionTimeMs: int64('2-4', { default: -1 }),
    topics: arrayOf({
      name: string('0-9'),
      topicId: uuid('10+'),
      partitions: arrayOf({
        partitionIndex: int32(),
        committedOffset: int64(),
        committedLeaderEpoch: int32('6+', { default: -1 }),
        committedMetadata: string('0+', { nullable: '0+' }),
      }),
    }),
  },
)

export const offsetCommitResponse = message(
  { name: 'OffsetCommitResponse', apiKey: 8, versions: '2-10', flexible: '8+' },
  {
    throttleTimeMs: int32('3+'),
    topics: arrayOf({
      name: string('0-9'),
      topicId: uuid('10+'),
      partitions: arrayOf({ partitionIndex: int32(), errorCode: int16() }),
    }),
  },
)
