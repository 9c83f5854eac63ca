import { bytes, int16, int32, int64, message } from '../fields.ts'

export const renewDelegationTokenRequest = message(
  { name: 'RenewDelegationTokenRequest', apiKey: 39, versions: '1-2', flexible: '2+' },
  { hmac: bytes(), renewPeriodMs: int64() },
)

export const renewDelegationTokenResponse = message(
  { name: 'RenewDelegationTokenResponse', apiKey: 39, versions: '1-2', flexible: '2+' },
  { errorCode: int16(), expiryTimestampMs: int64(), throttleTimeMs: int32() },
)
