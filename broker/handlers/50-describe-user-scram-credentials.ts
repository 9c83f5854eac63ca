import { errorCode } from '../protocol/error-codes.ts'
import type {
  describeUserScramCredentialsRequest,
  describeUserScramCredentialsResponse,
} from '../protocol/schemas/50-describe-user-scram-credentials.ts'
import { duplicatesOf } from './duplicates.ts'
import type { Handler } from './handler.ts'

/** DescribeUserScramCredentials v0 (KIP-554): null or no users ask for all. Nothing secret is answered. */
export const describeUserScramCredentials: Handler<
  typeof describeUserScramCredentialsRequest,
  typeof describeUserScramCredentialsResponse
> = ({ node }, { users }) => {
  const { scramCredentials } = node.image
  const asked = users?.map(({ name }) => name) ?? []
  const twice = duplicatesOf(asked)
  const names = asked.length === 0 ? scramCredentials.keys() : new Set(asked)
  const results = [...names].map((user) => {
    const refused = (code: number, words: string) => ({
      user,
      errorCode: code,
      errorMessage: `${words}: ${user}`,
      credentialInfos: [],
    })
    if (twice.has(user)) {
      const words = 'Cannot describe SCRAM credentials for the same user twice in a single request'
      return refused(errorCode.duplicateResource, words)
    }
    const credentials = scramCredentials.get(user)
    if (!credentials) {
      return refused(errorCode.resourceNotFound, 'Attempt to describe a user credential that does not exist')
    }
    const credentialInfos = [...credentials].map(([mechanism, { iterations }]) => ({ mechanism, iterations }))
    return { user, errorCode: errorCode.none, errorMessage: '', credentialInfos }
  })
  return { throttleTimeMs: 0, errorCode: errorCode.none, errorMessage: '', results }
}
