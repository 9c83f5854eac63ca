import { arrayOf, int8, int16, int32, int64, message, string } from '../fields.ts'

export const transactionLogKey = message(
  { name: 'TransactionLogKey', apiKey: 0, versions: '0', flexible: 'none' },
  { transactionalId: string() },
)

export const transactionLogValue = message(
  { name: 'TransactionLogValue', apiKey: 0, versions: '0-1', flexible: '1+' },
  {
    producerId: int64(),
    previousProducerId: int64('1+', { tag: 0, default: -1 }),
    nextProducerId: int64('1+', { tag: 1, default: -1 }),
    producerEpoch: int16(),
    nextProducerEpoch: int16('1+', { tag: 3, default: -1 }),
    transactionTimeoutMs: int32(),
    transactionStatus: int8(),
    transactionPartitions: arrayOf({ topic: string(), partitionIds: arrayOf(int32()) }, '0+', {
      nullable: '0+',
    }),
    transactionLastUpdateTimestampMs: int64(),
    transactionStartTimestampMs: int64(),
    clientTransactionVersion: int16('1+', { tag: 2, default: 0 }),
  },
)
