/** AclOperation codes (KIP-140) as bits: without acls everybody may do everything. */
function bits(...operations: readonly number[]): number {
  return operations.reduce((all, operation) => all | (1 << operation), 0)
}

const [read, write, create, remove, alter, describe] = [3, 4, 5, 6, 7, 8]
const [clusterAction, describeConfigs, alterConfigs, idempotentWrite] = [9, 10, 11, 12]

/** What "authorized operations" says when the request did not ask (KIP-430). */
export const notAsked = -(2 ** 31)
export const topicOperations = bits(
  read,
  write,
  create,
  remove,
  alter,
  describe,
  describeConfigs,
  alterConfigs,
)
export const clusterOperations = bits(
  create,
  alter,
  describe,
  clusterAction,
  describeConfigs,
  alterConfigs,
  idempotentWrite,
)
/** AclEntry's operations of a group (KIP-430, KIP-848). */
export const groupOperations = bits(read, remove, describe, describeConfigs, alterConfigs)
