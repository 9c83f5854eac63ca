import { arrayOf, bytes, int16, int32, int64, message, string } from '../fields.ts'

export const describeDelegationTokenRequest = message(
  { name: 'DescribeDelegationTokenRequest', apiKey: 41, versions: '1-3', flexible: '2+' },
  { owners: arrayOf({ principalType: string(), principalName: string() }, '0+', { nullable: '0+' }) },
)

export const describeDelegationTokenResponse = message(
  { name: 'DescribeDelegationTokenResponse', apiKey: 41, versions: '1-3', flexible: '2+' },
  {
    errorCode: int16(),
    tokens: arrayOf({
      principalType: string(),
      principalName: string(),
      tokenRequesterPrincipalType: string('3+'),
      tokenRequesterPrincipalName: string('3+'),
      issueTimestamp: int64(),
      expiryTimestamp: int64(),
      maxTimestamp: int64(),
      tokenId: string(),
      hmac: bytes(),
      renewers: arrayOf({ principalType: string(), principalName: string() }),
    }),
    throttleTimeMs: int32(),
  },
)
