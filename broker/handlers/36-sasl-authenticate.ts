import { errorCode } from '../protocol/error-codes.ts'
import type {
  saslAuthenticateRequest,
  saslAuthenticateResponse,
} from '../protocol/schemas/36-sasl-authenticate.ts'
import type { Handler } from './handler.ts'

const noBytes = Buffer.alloc(0)

/** SaslAuthenticate v0–2. On a PLAINTEXT listener everyone is authenticated from the start, as in Kafka. */
export const saslAuthenticate: Handler<
  typeof saslAuthenticateRequest,
  typeof saslAuthenticateResponse
> = () => ({
  errorCode: errorCode.illegalSaslState,
  errorMessage: 'SaslAuthenticate request received after successful authentication',
  authBytes: noBytes,
})
