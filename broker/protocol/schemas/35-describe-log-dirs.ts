import { arrayOf, bool, int16, int32, int64, message, string } from '../fields.ts'

export const describeLogDirsRequest = message(
  { name: 'DescribeLogDirsRequest', apiKey: 35, versions: '1-5', flexible: '2+' },
  { topics: arrayOf({ topic: string(), partitions: arrayOf(int32()) }, '0+', { nullable: '0+' }) },
)

export const describeLogDirsResponse = message(
  { name: 'DescribeLogDirsResponse', apiKey: 35, versions: '1-5', flexible: '2+' },
  {
    throttleTimeMs: int32(),
    errorCode: int16('3+'),
    results: arrayOf({
      errorCode: int16(),
      logDir: string(),
      topics: arrayOf({
        name: string(),
        partitions: arrayOf({
          partitionIndex: int32(),
          partitionSize: int64(),
          offsetLag: int64(),
          isFutureKey: bool(),
        }),
      }),
      totalBytes: int64('4+', { default: -1 }),
      usableBytes: int64('4+', { default: -1 }),
      isCordoned: bool('5+', { default: false }),
    }),
  },
)
