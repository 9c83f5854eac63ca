import type { Partitions } from '../consumer/consumer-group.ts'
import type { AssignorInput, AssignorMember } from './assignor.ts'

type Share = { readonly member: AssignorMember; readonly kept: Map<string, Set<number>>; count: number }

/** How often the balancing pass may go over all topics; each pass that moves nothing ends it sooner. */
const maxPasses = 16

/**
 * `uniform` where members differ in their subscriptions: members keep what they may, free partitions go to the
 * subscriber that has least, then partitions move from the fullest to the emptiest subscriber of their topic
 * while they differ by more than one.
 */
export function uniformHeterogeneous({
  members,
  partitionCount,
}: AssignorInput): ReadonlyMap<string, Partitions> {
  const shares = members.map((member): Share => ({ member, kept: new Map(), count: 0 }))
  const subscribers = subscribersByTopic(shares)
  const owners = new Map<string, (Share | undefined)[]>()
  for (const topicId of subscribers.keys()) {
    owners.set(topicId, new Array<Share | undefined>(partitionCount(topicId)).fill(undefined))
  }
  for (const share of shares) keepOwned(share, owners)
  // Topics with the fewest subscribers first: they have the least choice.
  const topicIds = [...subscribers.keys()].sort(
    (a, b) => subscribers.get(a)!.length - subscribers.get(b)!.length || (a < b ? -1 : 1),
  )
  for (const topicId of topicIds) assignFree(topicId, owners.get(topicId)!, subscribers.get(topicId)!)
  for (let pass = 0; pass < maxPasses; pass++) {
    let moved = false
    for (const topicId of topicIds) {
      moved = balance(topicId, owners.get(topicId)!, subscribers.get(topicId)!) || moved
    }
    if (!moved) break
  }
  return new Map(shares.map(({ member, kept }) => [member.memberId, withoutEmpty(kept)]))
}

function subscribersByTopic(shares: readonly Share[]): Map<string, Share[]> {
  const subscribers = new Map<string, Share[]>()
  for (const share of shares) {
    for (const topicId of share.member.subscribedTopicIds) {
      const known = subscribers.get(topicId)
      if (known) known.push(share)
      else subscribers.set(topicId, [share])
    }
  }
  return subscribers
}

function keepOwned(share: Share, owners: ReadonlyMap<string, (Share | undefined)[]>): void {
  for (const [topicId, partitions] of share.member.assigned) {
    const byPartition = share.member.subscribedTopicIds.has(topicId) ? owners.get(topicId) : undefined
    if (!byPartition) continue
    for (const partition of partitions) {
      if (partition < byPartition.length && !byPartition[partition])
        give(topicId, byPartition, partition, share)
    }
  }
}

function give(topicId: string, owners: (Share | undefined)[], partition: number, to: Share): void {
  const from = owners[partition]
  if (from) {
    from.kept.get(topicId)?.delete(partition)
    from.count--
  }
  owners[partition] = to
  const own = to.kept.get(topicId)
  if (own) own.add(partition)
  else to.kept.set(topicId, new Set([partition]))
  to.count++
}

function leastLoaded(subscribers: readonly Share[]): Share {
  let least = subscribers[0]!
  for (const share of subscribers) if (share.count < least.count) least = share
  return least
}

function assignFree(topicId: string, owners: (Share | undefined)[], subscribers: readonly Share[]): void {
  for (let partition = 0; partition < owners.length; partition++) {
    if (!owners[partition]) give(topicId, owners, partition, leastLoaded(subscribers))
  }
}

function balance(topicId: string, owners: (Share | undefined)[], subscribers: readonly Share[]): boolean {
  let moved = false
  for (let partition = owners.length - 1; partition >= 0; partition--) {
    const least = leastLoaded(subscribers)
    const owner = owners[partition]!
    if (owner.count <= least.count + 1) continue
    give(topicId, owners, partition, least)
    moved = true
  }
  return moved
}

function withoutEmpty(kept: ReadonlyMap<string, ReadonlySet<number>>): Partitions {
  return new Map([...kept].filter(([, partitions]) => partitions.size > 0))
}
