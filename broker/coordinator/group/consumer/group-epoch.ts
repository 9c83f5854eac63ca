import type { Turn } from '../../turn.ts'
import type { ConsumerGroup } from './consumer-group.ts'
import { emitRebalanceStarted } from './events.ts'
import { writeGroupEpoch } from './records.ts'

/** Raises the group epoch, which asks for a new target assignment. */
export function bumpGroupEpoch(turn: Turn, group: ConsumerGroup, reason: string): void {
  group.metadataStale = false
  writeGroupEpoch(turn, group, group.groupEpoch + 1, metadataHash(turn, group))
  emitRebalanceStarted(turn, group, reason)
}

/** Raises it if the subscribed topics are no longer what they were at the last assignment. */
export function bumpIfMetadataChanged(turn: Turn, group: ConsumerGroup): void {
  if (!group.metadataStale) return
  group.metadataStale = false
  if (metadataHash(turn, group) !== group.metadataHash)
    bumpGroupEpoch(turn, group, 'subscribed topics changed')
}

/**
 * One number for ids and partition counts of all subscribed topics (KIP-1101); 53 bits, since our int64s are
 * numbers. Kafka's hash differs: a group that moves between the two is rebalanced once.
 */
export function metadataHash(turn: Turn, group: ConsumerGroup): number {
  const names = new Set(group.topicSubscribers.keys())
  for (const regex of group.regexSubscribers.keys()) {
    for (const topic of group.regexes.get(regex)?.topics ?? []) names.add(topic)
  }
  let high = 0x811c9dc5
  let low = 0x01000193
  let isEmpty = true
  for (const name of [...names].sort()) {
    const topicId = turn.topics.topicId(name)
    if (topicId === undefined) continue
    isEmpty = false
    const text = `${name}\0${topicId}\0${turn.topics.partitionCount(name)}\0`
    for (let index = 0; index < text.length; index++) {
      high = Math.imul(high ^ text.charCodeAt(index), 0x01000193)
      low = Math.imul(low ^ text.charCodeAt(index), 0x85ebca6b)
    }
  }
  return isEmpty ? 0 : (high >>> 11) * 2 ** 32 + (low >>> 0)
}
