import type { Partitions } from '../consumer/consumer-group.ts'
import type { AssignorInput, AssignorMember } from './assignor.ts'

type TopicShare = { readonly minimum: number; extra: number; next: number; readonly count: number }

/**
 * The `range` assignor as Kafka 4 has it: of each topic every subscriber gets a run of neighbouring partitions,
 * the first ones one more; equal topics are cut at the same places, so that keys meet at one member. Not sticky.
 * Static members come first, by instance id, then the others by member id.
 */
export function range({ members, partitionCount }: AssignorInput): ReadonlyMap<string, Partitions> {
  const sorted = [...members].sort(compareMembers)
  const subscriberCount = new Map<string, number>()
  for (const { subscribedTopicIds } of sorted) {
    for (const topicId of subscribedTopicIds) {
      subscriberCount.set(topicId, (subscriberCount.get(topicId) ?? 0) + 1)
    }
  }
  const shares = new Map<string, TopicShare>()
  for (const [topicId, subscribers] of subscriberCount) {
    const count = partitionCount(topicId)
    shares.set(topicId, {
      minimum: Math.floor(count / subscribers),
      extra: count % subscribers,
      next: 0,
      count,
    })
  }
  return new Map(sorted.map((member) => [member.memberId, takeRuns(member, shares)]))
}

function takeRuns(member: AssignorMember, shares: ReadonlyMap<string, TopicShare>): Partitions {
  const assigned = new Map<string, ReadonlySet<number>>()
  for (const topicId of member.subscribedTopicIds) {
    const share = shares.get(topicId)!
    let length = share.minimum
    if (share.extra > 0) {
      length++
      share.extra--
    }
    const first = share.next
    share.next = Math.min(first + length, share.count)
    if (share.next === first) continue
    assigned.set(topicId, new Set(Array.from({ length: share.next - first }, (_, index) => first + index)))
  }
  return assigned
}

function compareMembers(left: AssignorMember, right: AssignorMember): number {
  if (left.instanceId !== null && right.instanceId !== null)
    return compareText(left.instanceId, right.instanceId)
  if (left.instanceId !== null) return -1
  if (right.instanceId !== null) return 1
  return compareText(left.memberId, right.memberId)
}

/** By UTF-16 units, as Java compares strings. */
function compareText(left: string, right: string): number {
  return left < right ? -1 : left > right ? 1 : 0
}
