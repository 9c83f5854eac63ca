import { arrayOf, int16, int32, int64, message, string } from '../fields.ts'

export const txnOffsetCommitRequest = message(
  { name: 'TxnOffsetCommitRequest', apiKey: 28, versions: '0-5', flexible: '3+' },
  {
    transactionalId: string(),
    groupId: string(),
    producerId: int64(),
    producerEpoch: int16(),
    generationId: int32('3+', { default: -1 }),
    memberId: string('3+', { default: '' }),
    groupInstanceId: string('3+', { nullable: '0+', default: null }),
    topics: arrayOf({
      name: string(),
      partitions: arrayOf({
        partitionIndex: int32(),
        committedOffset: int64(),
        committedLeaderEpoch: int32('2+', { default: -1 }),
        committedMetadata: string('0+', { nullable: '0+' }),
      }),
    }),
  },
)

export const txnOffsetCommitResponse = message(
  { name: 'TxnOffsetCommitResponse', apiKey: 28, versions: '0-5', flexible: '3+' },
  {
    throttleTimeMs: int32(),
    topics: arrayOf({ name: string(), partitions: arrayOf({ partitionIndex: int32(), errorCode: int16() }) }),
  },
)
