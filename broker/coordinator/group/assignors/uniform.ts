import type { Partitions } from '../consumer/consumer-group.ts'
import { type AssignorInput, type AssignorMember, isHomogeneous } from './assignor.ts'
import { uniformHeterogeneous } from './uniform-heterogeneous.ts'

type Share = { readonly member: AssignorMember; readonly kept: Map<string, Set<number>>; quota: number }

/** The `uniform` assignor: first balance (no two members differ by more than one), then stickiness. */
export function uniform(input: AssignorInput): ReadonlyMap<string, Partitions> {
  return isHomogeneous(input.members) ? homogeneous(input) : uniformHeterogeneous(input)
}

/**
 * Every member has its quota of all partitions, some of them one more where they do not divide evenly.
 * Members keep what they have up to the quota; what is left over goes in order to those below it. O(partitions).
 */
function homogeneous({ members, partitionCount }: AssignorInput): ReadonlyMap<string, Partitions> {
  const topicIds = members[0]?.subscribedTopicIds ?? new Set<string>()
  const unassigned = new Map([...topicIds].map((topicId) => [topicId, range(partitionCount(topicId))]))
  let total = 0
  for (const partitions of unassigned.values()) total += partitions.size
  const minimum = Math.floor(total / Math.max(members.length, 1))
  const withExtra = chooseWithExtra(members, minimum, total - minimum * members.length)
  const shares = members.map((member): Share => {
    return keep(member, minimum + (withExtra.has(member) ? 1 : 0), unassigned)
  })
  handOut(shares, unassigned)
  return new Map(shares.map(({ member, kept }) => [member.memberId, kept]))
}

/** Who may have one more than the minimum: first those that do already, so that nothing moves without need. */
function chooseWithExtra(
  members: readonly AssignorMember[],
  minimum: number,
  count: number,
): Set<AssignorMember> {
  const chosen = new Set<AssignorMember>()
  if (count === 0) return chosen
  for (const member of members) {
    if (chosen.size < count && ownedCount(member) > minimum) chosen.add(member)
  }
  for (const member of members) if (chosen.size < count) chosen.add(member)
  return chosen
}

function ownedCount({ assigned, subscribedTopicIds }: AssignorMember): number {
  let count = 0
  for (const [topicId, partitions] of assigned) if (subscribedTopicIds.has(topicId)) count += partitions.size
  return count
}

function range(count: number): Set<number> {
  return new Set(Array.from({ length: count }, (_, index) => index))
}

function keep(member: AssignorMember, quota: number, unassigned: Map<string, Set<number>>): Share {
  const kept = new Map<string, Set<number>>()
  let left = quota
  for (const [topicId, partitions] of member.assigned) {
    const free = unassigned.get(topicId)
    if (!free) continue
    const own = new Set<number>()
    for (const partition of partitions) {
      // Whoever comes first keeps a partition, should two targets ever claim it.
      if (left === 0 || !free.delete(partition)) continue
      own.add(partition)
      left--
    }
    if (own.size > 0) kept.set(topicId, own)
  }
  return { member, kept, quota: left }
}

function handOut(shares: readonly Share[], unassigned: ReadonlyMap<string, ReadonlySet<number>>): void {
  const takers = shares.filter(({ quota }) => quota > 0)
  let taker = 0
  for (const [topicId, partitions] of unassigned) {
    for (const partition of partitions) {
      const share = takers[taker]!
      const own = share.kept.get(topicId)
      if (own) own.add(partition)
      else share.kept.set(topicId, new Set([partition]))
      share.quota--
      if (share.quota === 0) taker++
    }
  }
}
