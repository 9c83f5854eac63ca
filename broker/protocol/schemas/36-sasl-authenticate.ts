import { bytes, int16, int64, message, string } from '../fields.ts'

export const saslAuthenticateRequest = message(
  { name: 'SaslAuthenticateRequest', apiKey: 36, versions: '0-2', flexible: '2+' },
  { authBytes: bytes() },
)

export const saslAuthenticateResponse = message(
  { name: 'SaslAuthenticateResponse', apiKey: 36, versions: '0-2', flexible: '2+' },
  {
    errorCode: int16(),
    errorMessage: string('0+', { nullable: '0+' }),
    authBytes: bytes(),
    sessionLifetimeMs: int64('1+', { default: 0 }),
  },
)
