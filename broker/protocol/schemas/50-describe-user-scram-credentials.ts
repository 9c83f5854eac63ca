import { arrayOf, int8, int16, int32, message, string } from '../fields.ts'

export const describeUserScramCredentialsRequest = message(
  { name: 'DescribeUserScramCredentialsRequest', apiKey: 50, versions: '0', flexible: '0+' },
  { users: arrayOf({ name: string() }, '0+', { nullable: '0+' }) },
)

export const describeUserScramCredentialsResponse = message(
  { name: 'DescribeUserScramCredentialsResponse', apiKey: 50, versions: '0', flexible: '0+' },
  {
    throttleTimeMs: int32(),
    errorCode: int16(),
    errorMessage: string('0+', { nullable: '0+' }),
    results: arrayOf({
      user: string(),
      errorCode: int16(),
      errorMessage: string('0+', { nullable: '0+' }),
      credentialInfos: arrayOf({ mechanism: int8(), iterations: int32() }),
    }),
  },
)
