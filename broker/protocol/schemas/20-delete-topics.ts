import { arrayOf, int16, int32, message, string, uuid } from '../fields.ts'

export const deleteTopicsRequest = message(
  { name: 'DeleteTopicsRequest', apiKey: 20, versions: '1-6', flexible: '4+' },
  {
    topics: arrayOf({ name: string('0+', { nullable: '0+', default: null }), topicId: uuid() }, '6+'),
    topicNames: arrayOf(string(), '0-5'),
    timeoutMs: int32(),
  },
)

export const deleteTopicsResponse = message(
  { name: 'DeleteTopicsResponse', apiKey: 20, versions: '1-6', flexible: '4+' },
  {
    throttleTimeMs: int32(),
    responses: arrayOf({
      name: string('0+', { nullable: '6+' }),
      topicId: uuid('6+'),
      errorCode: int16(),
      errorMessage: string('5+', { nullable: '0+', default: null }),
    }),
  },
)
