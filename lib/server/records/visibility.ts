import type { z } from 'zod'
import type { Visibility, visibilityReason } from '../../contract/records.ts'
import { fetchCommittedOffsets } from '../groups/committed-offsets.ts'
import type { KafkaClient } from '../kafka/kafka-client.ts'
import { partitionKey } from '../live/group-state.ts'
import type { LiveState } from '../live/live-state.ts'
import { partitionBounds } from './browse.ts'
import { readRanges } from './read-records.ts'

export type VisibilityQuestion = {
  topic: string
  partition: number
  offset: number
  group: string | undefined
  isolation: 'read_uncommitted' | 'read_committed'
}

type Reason = z.infer<typeof visibilityReason>
type Verdict = { reason: Reason; text: string }

/** Why a consumer cannot see a record: the log first, then what the group did. */
export async function explainVisibility(
  client: KafkaClient,
  state: LiveState,
  question: VisibilityQuestion,
): Promise<Visibility> {
  const { offset, partition } = question
  const topic = await client.topic(question.topic)
  const ofPartition = { ...topic, partitions: topic.partitions.filter((p) => p.partitionIndex === partition) }
  const [all, stable] = await Promise.all([
    partitionBounds(client, ofPartition, false),
    partitionBounds(client, ofPartition, true),
  ])
  const bound = all.get(partition) ?? { logStartOffset: 0, highWatermark: 0 }
  const lastStableOffset = stable.get(partition)?.highWatermark ?? bound.highWatermark
  const facts = [
    { name: 'offset', value: String(offset) },
    { name: 'logStartOffset', value: String(bound.logStartOffset) },
    { name: 'lastStableOffset', value: String(lastStableOffset) },
    { name: 'highWatermark', value: String(bound.highWatermark) },
  ]
  const inLog = await verdictOfLog(client, question, ofPartition, { ...bound, lastStableOffset })
  const verdict = inLog ?? (await verdictOfGroup(client, state, question, facts))
  return { visible: verdict.reason === 'visible' || verdict.reason === 'consumed', ...verdict, facts }
}

async function verdictOfLog(
  client: KafkaClient,
  { offset, partition, isolation }: VisibilityQuestion,
  topic: Awaited<ReturnType<KafkaClient['topic']>>,
  bound: { logStartOffset: number; highWatermark: number; lastStableOffset: number },
): Promise<Verdict | undefined> {
  if (offset < bound.logStartOffset) {
    return {
      reason: 'pastRetention',
      text: `The log begins at ${bound.logStartOffset}: retention or DeleteRecords took it.`,
    }
  }
  if (offset >= bound.highWatermark) {
    const text = `The high watermark is ${bound.highWatermark}: no consumer is given records at or above it.`
    return { reason: 'beyondHighWatermark', text }
  }
  if (isolation === 'read_committed' && offset >= bound.lastStableOffset) {
    const text = `An open transaction holds the last stable offset at ${bound.lastStableOffset}; read_committed consumers wait for it to end.`
    return { reason: 'beyondLastStableOffset', text }
  }
  const range = [{ partition, from: offset, to: offset + 1, limit: 1 }]
  const any = await readRanges(client, topic, range, { committed: false, partitionBytes: 1_024 })
  if (any.get(partition)?.records[0]?.offset !== offset) {
    const text = 'No record has that offset: it was compacted away, or a transaction marker stands there.'
    return { reason: 'compacted', text }
  }
  if (isolation === 'read_uncommitted') return undefined
  const committed = await readRanges(client, topic, range, { committed: true, partitionBytes: 1_024 })
  if (committed.get(partition)?.records[0]?.offset === offset) return undefined
  return { reason: 'aborted', text: 'Its transaction was aborted: read_committed consumers skip it.' }
}

async function verdictOfGroup(
  client: KafkaClient,
  state: LiveState,
  { topic, partition, offset, group: groupId }: VisibilityQuestion,
  facts: Visibility['facts'],
): Promise<Verdict> {
  if (groupId === undefined)
    return { reason: 'visible', text: 'Any consumer that reads this partition can see it.' }
  const committed = (await fetchCommittedOffsets(client, groupId)).find(
    (found) => found.topic === topic && found.partition === partition,
  )
  if (committed !== undefined) facts.push({ name: 'committedOffset', value: String(committed.offset) })
  if (committed !== undefined && committed.offset > offset) {
    return {
      reason: 'consumed',
      text: `${groupId} has committed ${committed.offset}: it has read past this record.`,
    }
  }
  const group = state.groups.get(groupId)
  const owner = group?.partitions.get(partitionKey(topic, partition))?.memberId ?? null
  if (owner === null) {
    return { reason: 'notAssigned', text: `No member of ${groupId} holds partition ${partition} now.` }
  }
  const clientId = group?.members.find(({ memberId }) => memberId === owner)?.clientId ?? owner
  facts.push({ name: 'member', value: owner })
  const lag = committed === undefined ? '' : ` ${offset - committed.offset} records come before it.`
  return {
    reason: 'notYetFetched',
    text: `${clientId} holds the partition and has not committed past it yet.${lag} Other members of the group never see it.`,
  }
}
