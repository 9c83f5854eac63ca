import { errorCode } from '../protocol/error-codes.ts'
import type { saslHandshakeRequest, saslHandshakeResponse } from '../protocol/schemas/17-sasl-handshake.ts'
import type { Handler } from './handler.ts'

/** SaslHandshake v0–1. On a PLAINTEXT listener there is nothing to agree on, as in Kafka. */
export const saslHandshake: Handler<typeof saslHandshakeRequest, typeof saslHandshakeResponse> = () => ({
  errorCode: errorCode.illegalSaslState,
  mechanisms: [],
})
