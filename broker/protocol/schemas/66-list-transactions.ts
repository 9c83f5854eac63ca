import { arrayOf, int16, int32, int64, message, string } from '../fields.ts'

export const listTransactionsRequest = message(
  { name: 'ListTransactionsRequest', apiKey: 66, versions: '0-2', flexible: '0+' },
  {
    stateFilters: arrayOf(string()),
    producerIdFilters: arrayOf(int64()),
    durationFilter: int64('1+', { default: -1 }),
    transactionalIdPattern: string('2+', { nullable: '0+', default: null }),
  },
)

export const listTransactionsResponse = message(
  { name: 'ListTransactionsResponse', apiKey: 66, versions: '0-2', flexible: '0+' },
  {
    throttleTimeMs: int32(),
    errorCode: int16(),
    unknownStateFilters: arrayOf(string()),
    transactionStates: arrayOf({
      transactionalId: string(),
      producerId: int64(),
      transactionState: string(),
    }),
  },
)
