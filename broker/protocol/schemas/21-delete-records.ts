import { arrayOf, int16, int32, int64, message, string } from '../fields.ts'

export const deleteRecordsRequest = message(
  { name: 'DeleteRecordsRequest', apiKey: 21, versions: '0-2', flexible: '2+' },
  {
    topics: arrayOf({ name: string(), partitions: arrayOf({ partitionIndex: int32(), offset: int64() }) }),
    timeoutMs: int32(),
  },
)

export const deleteRecordsResponse = message(
  { name: 'DeleteRecordsResponse', apiKey: 21, versions: '0-2', flexible: '2+' },
  {
    throttleTimeMs: int32(),
    topics: arrayOf({
      name: string(),
      partitions: arrayOf({ partitionIndex: int32(), lowWatermark: int64(), errorCode: int16() }),
    }),
  },
)
