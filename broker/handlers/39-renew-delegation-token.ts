import { errorCode } from '../protocol/error-codes.ts'
import type {
  renewDelegationTokenRequest,
  renewDelegationTokenResponse,
} from '../protocol/schemas/39-renew-delegation-token.ts'
import type { Handler } from './handler.ts'

/** RenewDelegationToken v1–2. Not over a PLAINTEXT connection, as in Kafka. */
export const renewDelegationToken: Handler<
  typeof renewDelegationTokenRequest,
  typeof renewDelegationTokenResponse
> = () => ({
  errorCode: errorCode.delegationTokenRequestNotAllowed,
  expiryTimestampMs: -1,
  throttleTimeMs: 0,
})
