import { arrayOf, bytes, int8, int16, int32, message, string } from '../fields.ts'

export const alterUserScramCredentialsRequest = message(
  { name: 'AlterUserScramCredentialsRequest', apiKey: 51, versions: '0', flexible: '0+' },
  {
    deletions: arrayOf({ name: string(), mechanism: int8() }),
    upsertions: arrayOf({
      name: string(),
      mechanism: int8(),
      iterations: int32(),
      salt: bytes(),
      saltedPassword: bytes(),
    }),
  },
)

export const alterUserScramCredentialsResponse = message(
  { name: 'AlterUserScramCredentialsResponse', apiKey: 51, versions: '0', flexible: '0+' },
  {
    throttleTimeMs: int32(),
    results: arrayOf({ user: string(), errorCode: int16(), errorMessage: string('0+', { nullable: '0+' }) }),
  },
)
