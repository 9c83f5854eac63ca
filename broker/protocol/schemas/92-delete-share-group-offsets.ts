import { arrayOf, int16, int32, message, string, uuid } from '../fields.ts'

export const deleteShareGroupOffsetsRequest = message(
  { name: 'DeleteShareGroupOffsetsRequest', apiKey: 92, versions: '0', flexible: '0+' },
  { groupId: string(), topics: arrayOf({ topicName: string() }) },
)

export const deleteShareGroupOffsetsResponse = message(
  { name: 'DeleteShareGroupOffsetsResponse', apiKey: 92, versions: '0', flexible: '0+' },
  {
    throttleTimeMs: int32(),
    errorCode: int16(),
    errorMessage: string('0+', { nullable: '0+', default: null }),
    responses: arrayOf({
      topicName: string(),
      topicId: uuid(),
      errorCode: int16(),
      errorMessage: string('0+', { nullable: '0+', default: null }),
    }),
  },
)
