import type {
  alterUserScramCredentialsRequest,
  alterUserScramCredentialsResponse,
} from '../protocol/schemas/51-alter-user-scram-credentials.ts'
import { planScramAlterations } from '../security/scram/alter-credentials.ts'
import { codeOfName } from './error-by-name.ts'
import type { Handler } from './handler.ts'

/**
 * AlterUserScramCredentials v0 (KIP-554). Nobody logs in with them here, since there is no SASL listener: they are
 * kept, told and taken away as Kafka does on a PLAINTEXT listener.
 */
export const alterUserScramCredentials: Handler<
  typeof alterUserScramCredentialsRequest,
  typeof alterUserScramCredentialsResponse
> = ({ node }, { deletions, upsertions }) => {
  const { changes, faults } = planScramAlterations(
    deletions,
    upsertions,
    (user, mechanism) => node.image.scramCredentials.get(user)?.has(mechanism) === true,
  )
  const outcome = node.controller.alterScramCredentials(changes)
  return {
    throttleTimeMs: 0,
    results: [
      ...changes.map(({ user }) => ({
        user,
        errorCode: outcome.errorCode,
        errorMessage: outcome.message,
      })),
      ...[...faults].map(([user, { error, message }]) => ({
        user,
        errorCode: codeOfName(error),
        errorMessage: message,
      })),
    ],
  }
}
