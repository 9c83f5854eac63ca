import { errorCode } from '../protocol/error-codes.ts'
import type {
  createDelegationTokenRequest,
  createDelegationTokenResponse,
} from '../protocol/schemas/38-create-delegation-token.ts'
import type { Handler } from './handler.ts'

const noBytes = Buffer.alloc(0)

/**
 * CreateDelegationToken v1–3. Tokens belong to authenticated users: a PLAINTEXT connection gets none, as in Kafka,
 * and the answer names whose token it would have been (KIP-373).
 */
export const createDelegationToken: Handler<
  typeof createDelegationTokenRequest,
  typeof createDelegationTokenResponse
> = ({ connection }, { ownerPrincipalType, ownerPrincipalName }) => {
  const requester = principalOf(connection.principal)
  const owner = ownerPrincipalName ? { type: ownerPrincipalType ?? '', name: ownerPrincipalName } : requester
  return {
    errorCode: errorCode.delegationTokenRequestNotAllowed,
    principalType: owner.type,
    principalName: owner.name,
    tokenRequesterPrincipalType: requester.type,
    tokenRequesterPrincipalName: requester.name,
    issueTimestampMs: -1,
    expiryTimestampMs: -1,
    maxTimestampMs: -1,
    tokenId: '',
    hmac: noBytes,
    throttleTimeMs: 0,
  }
}

/** `User:name`, taken apart at its first colon. */
function principalOf(principal: string): { type: string; name: string } {
  const colon = principal.indexOf(':')
  return { type: principal.slice(0, colon), name: principal.slice(colon + 1) }
}
