import { arrayOf, int16, int32, int64, message, string, uuid } from '../fields.ts'

export const alterShareGroupOffsetsRequest = message(
  { name: 'AlterShareGroupOffsetsRequest', apiKey: 91, versions: '0', flexible: '0+' },
  {
    groupId: string(),
    topics: arrayOf({
      topicName: string(),
      partitions: arrayOf({ partitionIndex: int32(), startOffset: int64() }),
    }),
  },
)

export const alterShareGroupOffsetsResponse = message(
  { name: 'AlterShareGroupOffsetsResponse', apiKey: 91, versions: '0', flexible: '0+' },
  {
    throttleTimeMs: int32(),
    errorCode: int16(),
    errorMessage: string('0+', { nullable: '0+', default: null }),
    responses: arrayOf({
      topicName: string(),
      topicId: uuid(),
      partitions: arrayOf({
        partitionIndex: int32(),
        errorCode: int16(),
        errorMessage: string('0+', { nullable: '0+', default: null }),
      }),
    }),
  },
)
