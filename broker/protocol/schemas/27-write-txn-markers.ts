import { arrayOf, bool, int8, int16, int32, int64, message, string } from '../fields.ts'

export const writeTxnMarkersRequest = message(
  { name: 'WriteTxnMarkersRequest', apiKey: 27, versions: '1-2', flexible: '0+' },
  {
    markers: arrayOf({
      producerId: int64(),
      producerEpoch: int16(),
      transactionResult: bool(),
      topics: arrayOf({ name: string(), partitionIndexes: arrayOf(int32()) }),
      coordinatorEpoch: int32(),
      transactionVersion: int8('2+', { default: 0 }),
    }),
  },
)

export const writeTxnMarkersResponse = message(
  { name: 'WriteTxnMarkersResponse', apiKey: 27, versions: '1-2', flexible: '0+' },
  {
    markers: arrayOf({
      producerId: int64(),
      topics: arrayOf({
        name: string(),
        partitions: arrayOf({ partitionIndex: int32(), errorCode: int16() }),
      }),
    }),
  },
)
