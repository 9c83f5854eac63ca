import { arrayOf, int16, int32, message, string } from '../fields.ts'

export const offsetDeleteRequest = message(
  { name: 'OffsetDeleteRequest', apiKey: 47, versions: '0', flexible: 'none' },
  {
    groupId: string(),
    topics: arrayOf({ name: string(), partitions: arrayOf({ partitionIndex: int32() }) }),
  },
)

export const offsetDeleteResponse = message(
  { name: 'OffsetDeleteResponse', apiKey: 47, versions: '0', flexible: 'none' },
  {
    errorCode: int16(),
    throttleTimeMs: int32(),
    topics: arrayOf({ name: string(), partitions: arrayOf({ partitionIndex: int32(), errorCode: int16() }) }),
  },
)
