import { bytes, int16, int32, int64, message } from '../fields.ts'

export const expireDelegationTokenRequest = message(
  { name: 'ExpireDelegationTokenRequest', apiKey: 40, versions: '1-2', flexible: '2+' },
  { hmac: bytes(), expiryTimePeriodMs: int64() },
)

export const expireDelegationTokenResponse = message(
  { name: 'ExpireDelegationTokenResponse', apiKey: 40, versions: '1-2', flexible: '2+' },
  { errorCode: int16(), expiryTimestampMs: int64(), throttleTimeMs: int32() },
)
