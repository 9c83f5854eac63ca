import { arrayOf, bool, int16, int32, message, string } from '../fields.ts'

export const createPartitionsRequest = message(
  { name: 'CreatePartitionsRequest', apiKey: 37, versions: '0-3', flexible: '2+' },
  {
    topics: arrayOf({
      name: string(),
      count: int32(),
      assignments: arrayOf({ brokerIds: arrayOf(int32()) }, '0+', { nullable: '0+' }),
    }),
    timeoutMs: int32(),
    validateOnly: bool(),
  },
)

export const createPartitionsResponse = message(
  { name: 'CreatePartitionsResponse', apiKey: 37, versions: '0-3', flexible: '2+' },
  {
    throttleTimeMs: int32(),
    results: arrayOf({
      name: string(),
      errorCode: int16(),
      errorMessage: string('0+', { nullable: '0+', default: null }),
    }),
  },
)
