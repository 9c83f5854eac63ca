import type {
  ConsumerGroup,
  ConsumerMember,
  EpochedPartitions,
  MemberState,
  Partitions,
} from './consumer-group.ts'

/** What a member reports to own in a full heartbeat; null when the heartbeat does not say. */
export type OwnedPartitions =
  | readonly { readonly topicId: string; readonly partitions: readonly number[] }[]
  | null

export type Reconciliation = {
  readonly group: ConsumerGroup
  readonly member: ConsumerMember
  readonly targetEpoch: number
  readonly target: Partitions
  readonly owned: OwnedPartitions
  /** Ids of the topics that the member is subscribed to now. */
  readonly subscribedTopicIds: ReadonlySet<string>
  readonly subscriptionChanged: boolean
}

/**
 * One step of a member towards its target assignment (KIP-848): first it gives up what it must, then it moves
 * to the target epoch and gets what nobody else holds any more. Returns the same object when nothing changes.
 */
export function reconcile(input: Reconciliation): ConsumerMember {
  const { member, targetEpoch, owned, subscriptionChanged } = input
  switch (member.state) {
    case 'stable':
      if (member.memberEpoch !== targetEpoch) return nextAssignment(input)
      return subscriptionChanged ? withoutUnsubscribed(input) : member
    case 'unrevokedPartitions':
      // Revoked is what the member no longer reports to own; until then it stays where it is.
      if (!stillOwns(owned, member.pendingRevocation)) return nextAssignment(input)
      return subscriptionChanged ? withoutUnsubscribed(input) : member
    case 'unreleasedPartitions':
      return nextAssignment(input)
  }
}

function stillOwns(owned: OwnedPartitions, partitions: EpochedPartitions): boolean {
  if (owned === null) return true
  return owned.some((topic) => {
    const revoked = partitions.get(topic.topicId)
    return revoked !== undefined && topic.partitions.some((partition) => revoked.has(partition))
  })
}

type Step = {
  readonly assigned: Map<string, Map<number, number>>
  readonly toRevoke: Map<string, Map<number, number>>
  readonly hasUnreleased: boolean
}

function nextAssignment(input: Reconciliation): ConsumerMember {
  const { member, owned, targetEpoch } = input
  const step = compare(input)
  if (step.toRevoke.size > 0 && stillOwns(owned, step.toRevoke)) {
    return moved(member, 'unrevokedPartitions', member.memberEpoch, withoutNew(member, step), step.toRevoke)
  }
  const state = step.hasUnreleased ? 'unreleasedPartitions' : 'stable'
  return moved(member, state, targetEpoch, step.assigned, new Map())
}

function moved(
  member: ConsumerMember,
  state: MemberState,
  memberEpoch: number,
  assigned: EpochedPartitions,
  pendingRevocation: EpochedPartitions,
): ConsumerMember {
  return {
    ...member,
    state,
    memberEpoch,
    previousMemberEpoch: member.memberEpoch,
    assigned,
    pendingRevocation,
  }
}

/** While there is something to revoke nothing is added yet. */
function withoutNew(member: ConsumerMember, step: Step): EpochedPartitions {
  const kept = new Map<string, Map<number, number>>()
  for (const [topicId, partitions] of step.assigned) {
    const before = member.assigned.get(topicId)
    const left = new Map([...partitions].filter(([partition]) => before?.has(partition)))
    if (left.size > 0) kept.set(topicId, left)
  }
  return kept
}

/** What a member keeps, must give up, and can be given of its target. */
function compare(input: Reconciliation): Step {
  const { group, member, target, targetEpoch, subscribedTopicIds } = input
  const assigned = new Map<string, Map<number, number>>()
  const toRevoke = new Map<string, Map<number, number>>()
  let hasUnreleased = false
  for (const topicId of new Set([...target.keys(), ...member.assigned.keys()])) {
    const wanted: ReadonlySet<number> = (subscribedTopicIds.has(topicId) && target.get(topicId)) || new Set()
    const current: ReadonlyMap<number, number> = member.assigned.get(topicId) ?? new Map()
    const kept = new Map([...current].filter(([partition]) => wanted.has(partition)))
    const revoked = new Map([...current].filter(([partition]) => !wanted.has(partition)))
    for (const partition of wanted) {
      if (kept.has(partition)) continue
      if (isFree(group, member, topicId, partition)) {
        kept.set(partition, targetEpoch)
      } else hasUnreleased = true
    }
    if (kept.size > 0) assigned.set(topicId, kept)
    if (revoked.size > 0) toRevoke.set(topicId, revoked)
  }
  return { assigned, toRevoke, hasUnreleased }
}

/** Nobody holds it, or the member itself does, because it is still to revoke it. */
function isFree(group: ConsumerGroup, member: ConsumerMember, topicId: string, partition: number): boolean {
  if (member.pendingRevocation.get(topicId)?.has(partition)) return true
  return group.partitionEpochs.get(topicId)?.has(partition) !== true
}

/** Between two target assignments: drops what the member is no longer subscribed to. */
function withoutUnsubscribed(input: Reconciliation): ConsumerMember {
  const { member, owned, subscribedTopicIds } = input
  const dropped = [...member.assigned].filter(([topicId]) => !subscribedTopicIds.has(topicId))
  if (dropped.length === 0) return member
  const assigned = new Map([...member.assigned].filter(([topicId]) => subscribedTopicIds.has(topicId)))
  const pendingRevocation = new Map(member.pendingRevocation)
  for (const [topicId, partitions] of dropped) {
    pendingRevocation.set(topicId, new Map([...(pendingRevocation.get(topicId) ?? []), ...partitions]))
  }
  if (stillOwns(owned, pendingRevocation)) {
    return moved(member, 'unrevokedPartitions', member.memberEpoch, assigned, pendingRevocation)
  }
  return { ...member, assigned, previousMemberEpoch: member.memberEpoch }
}
