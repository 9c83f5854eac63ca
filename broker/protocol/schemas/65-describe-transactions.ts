import { arrayOf, int16, int32, int64, message, string } from '../fields.ts'

export const describeTransactionsRequest = message(
  { name: 'DescribeTransactionsRequest', apiKey: 65, versions: '0', flexible: '0+' },
  { transactionalIds: arrayOf(string()) },
)

export const describeTransactionsResponse = message(
  { name: 'DescribeTransactionsResponse', apiKey: 65, versions: '0', flexible: '0+' },
  {
    throttleTimeMs: int32(),
    transactionStates: arrayOf({
      errorCode: int16(),
      transactionalId: string(),
      transactionState: string(),
      transactionTimeoutMs: int32(),
      transactionStartTimeMs: int64(),
      producerId: int64(),
      producerEpoch: int16(),
      topics: arrayOf({ topic: string(), partitions: arrayOf(int32()) }),
    }),
  },
)
