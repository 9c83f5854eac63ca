/**
 * Replicas of `count` new partitions over the brokers, striped: partition i leads on broker i + `start`, its
 * followers are the next ones. `replicationFactor` is at most the number of brokers.
 */
export function placeReplicas(
  brokerIds: readonly number[],
  count: number,
  replicationFactor: number,
  start: number,
): number[][] {
  return Array.from({ length: count }, (_, partition) =>
    Array.from(
      { length: replicationFactor },
      (_, replica) => brokerIds[(start + partition + replica) % brokerIds.length]!,
    ),
  )
}

/** Why a manual assignment cannot be, in words for a person; undefined when it can. */
export function assignmentFault(
  replicas: readonly number[],
  brokerIds: readonly number[],
  replicationFactor: number,
): string | undefined {
  if (replicas.length === 0) return 'The manual partition assignment includes an empty replica list.'
  if (new Set(replicas).size !== replicas.length) {
    return `The manual partition assignment includes the broker ${replicas.find((id, at) => replicas.indexOf(id) !== at)} more than once.`
  }
  const unknown = replicas.find((id) => !brokerIds.includes(id))
  if (unknown !== undefined) {
    return `The manual partition assignment includes broker ${unknown}, but no such broker is registered.`
  }
  if (replicas.length !== replicationFactor) {
    return `The manual partition assignment includes a partition with ${replicas.length} replica(s), but this is not consistent with previous partitions, which have ${replicationFactor} replica(s).`
  }
  return undefined
}
