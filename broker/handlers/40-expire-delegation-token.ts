import { errorCode } from '../protocol/error-codes.ts'
import type {
  expireDelegationTokenRequest,
  expireDelegationTokenResponse,
} from '../protocol/schemas/40-expire-delegation-token.ts'
import type { Handler } from './handler.ts'

/** ExpireDelegationToken v1–2. Not over a PLAINTEXT connection, as in Kafka. */
export const expireDelegationToken: Handler<
  typeof expireDelegationTokenRequest,
  typeof expireDelegationTokenResponse
> = () => ({
  errorCode: errorCode.delegationTokenRequestNotAllowed,
  expiryTimestampMs: -1,
  throttleTimeMs: 0,
})
