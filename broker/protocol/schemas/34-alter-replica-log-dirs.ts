import { arrayOf, int16, int32, message, string } from '../fields.ts'

export const alterReplicaLogDirsRequest = message(
  { name: 'AlterReplicaLogDirsRequest', apiKey: 34, versions: '1-2', flexible: '2+' },
  { dirs: arrayOf({ path: string(), topics: arrayOf({ name: string(), partitions: arrayOf(int32()) }) }) },
)

export const alterReplicaLogDirsResponse = message(
  { name: 'AlterReplicaLogDirsResponse', apiKey: 34, versions: '1-2', flexible: '2+' },
  {
    throttleTimeMs: int32(),
    results: arrayOf({
      topicName: string(),
      partitions: arrayOf({ partitionIndex: int32(), errorCode: int16() }),
    }),
  },
)
