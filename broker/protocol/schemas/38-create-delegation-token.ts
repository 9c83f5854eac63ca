import { arrayOf, bytes, int16, int32, int64, message, string } from '../fields.ts'

export const createDelegationTokenRequest = message(
  { name: 'CreateDelegationTokenRequest', apiKey: 38, versions: '1-3', flexible: '2+' },
  {
    ownerPrincipalType: string('3+', { nullable: '0+' }),
    ownerPrincipalName: string('3+', { nullable: '0+' }),
    renewers: arrayOf({ principalType: string(), principalName: string() }),
    maxLifetimeMs: int64(),
  },
)

export const createDelegationTokenResponse = message(
  { name: 'CreateDelegationTokenResponse', apiKey: 38, versions: '1-3', flexible: '2+' },
  {
    errorCode: int16(),
    principalType: string(),
    principalName: string(),
    tokenRequesterPrincipalType: string('3+'),
    tokenRequesterPrincipalName: string('3+'),
    issueTimestampMs: int64(),
    expiryTimestampMs: int64(),
    maxTimestampMs: int64(),
    tokenId: string(),
    hmac: bytes(),
    throttleTimeMs: int32(),
  },
)
