import { arrayOf, int16, int32, int64, message, string } from '../fields.ts'

export const describeProducersRequest = message(
  { name: 'DescribeProducersRequest', apiKey: 61, versions: '0', flexible: '0+' },
  { topics: arrayOf({ name: string(), partitionIndexes: arrayOf(int32()) }) },
)

export const describeProducersResponse = message(
  { name: 'DescribeProducersResponse', apiKey: 61, versions: '0', flexible: '0+' },
  {
    throttleTimeMs: int32(),
    topics: arrayOf({
      name: string(),
      partitions: arrayOf({
        partitionIndex: int32(),
        errorCode: int16(),
        errorMessage: string('0+', { nullable: '0+', default: null }),
        activeProducers: arrayOf({
          producerId: int64(),
          producerEpoch: int32(),
          lastSequence: int32('0+', { default: -1 }),
          lastTimestamp: int64('0+', { default: -1 }),
          coordinatorEpoch: int32(),
          currentTxnStartOffset: int64('0+', { default: -1 }),
        }),
      }),
    }),
  },
)
