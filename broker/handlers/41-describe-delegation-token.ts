import { errorCode } from '../protocol/error-codes.ts'
import type {
  describeDelegationTokenRequest,
  describeDelegationTokenResponse,
} from '../protocol/schemas/41-describe-delegation-token.ts'
import type { Handler } from './handler.ts'

/** DescribeDelegationToken v1–3. Not over a PLAINTEXT connection, as in Kafka. */
export const describeDelegationToken: Handler<
  typeof describeDelegationTokenRequest,
  typeof describeDelegationTokenResponse
> = () => ({ errorCode: errorCode.delegationTokenRequestNotAllowed, tokens: [], throttleTimeMs: 0 })
