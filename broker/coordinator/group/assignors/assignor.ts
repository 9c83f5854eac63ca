import type { Partitions } from '../consumer/consumer-group.ts'

export type AssignorMember = {
  readonly memberId: string
  readonly instanceId: string | null
  /** Ids of existing topics. */
  readonly subscribedTopicIds: ReadonlySet<string>
  /** Its target until now. */
  readonly assigned: Partitions
}

export type AssignorInput = {
  readonly members: readonly AssignorMember[]
  readonly partitionCount: (topicId: string) => number
}

/** A server-side assignor (KIP-848): the new target of every member, also of those that get nothing. */
export type Assignor = (input: AssignorInput) => ReadonlyMap<string, Partitions>

/** All members are subscribed to the same topics. */
export function isHomogeneous(members: readonly AssignorMember[]): boolean {
  const first = members[0]?.subscribedTopicIds
  if (!first) return true
  return members.every(({ subscribedTopicIds: topicIds }) => {
    if (topicIds === first) return true
    if (topicIds.size !== first.size) return false
    for (const topicId of topicIds) if (!first.has(topicId)) return false
    return true
  })
}
