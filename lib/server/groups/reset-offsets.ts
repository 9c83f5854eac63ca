import { offsetCommitV8 } from '@platformatic/kafka'
import type { z } from 'zod'
import type { ResetOffsetsResult, resetOffsetsBody } from '../../contract/groups.ts'
import type { KafkaClient, TopicMetadata } from '../kafka/kafka-client.ts'
import { errorText, KafkaError, withErrorCodes } from '../kafka/kafka-error.ts'
import { topicOffsets } from '../kafka/list-offsets.ts'
import { type Bounds, partitionBounds } from '../records/browse.ts'
import { fetchCommittedOffsets } from './committed-offsets.ts'
import { describeGroups, listGroups } from './describe-groups.ts'
import { resetCommand } from './reset-command.ts'

type Body = z.output<typeof resetOffsetsBody>
type Row = ResetOffsetsResult['partitions'][number]

/** Plans new offsets, and commits them unless it is a dry run (OffsetCommit 8 v8 as no member, like Kafka's tool). */
export async function resetOffsets(
  client: KafkaClient,
  groupId: string,
  body: Body,
): Promise<ResetOffsetsResult> {
  const committed = await fetchCommittedOffsets(client, groupId)
  const current = new Map(committed.map((c) => [`${c.topic}/${c.partition}`, c.offset]))
  const topics = await chosenTopics(client, body, committed)
  const others = body.target.to === 'group' ? await fetchCommittedOffsets(client, body.target.groupId) : []
  const wanted = new Map(others.map((c) => [`${c.topic}/${c.partition}`, c.offset]))
  const rows: Row[] = []
  for (const topic of topics) {
    const bounds = await partitionBounds(client, topic, false)
    const times =
      body.target.to === 'time' ? await topicOffsets(client, topic, body.target.timestamp) : new Map()
    for (const [partition, bound] of bounds) {
      const key = `${topic.name}/${partition}`
      const planned = {
        body,
        bound,
        current: current.get(key) ?? null,
        other: wanted.get(key),
        time: times.get(partition),
      }
      const override = body.overrides.find((o) => o.topic === topic.name && o.partition === partition)
      const target = override === undefined ? targetOf(planned) : override.offset
      if (target === undefined) continue
      rows.push(rowOf(topic.name, partition, target, bound, planned.current))
    }
  }
  const blocked = await whyBlocked(client, groupId)
  const command = resetCommand(client.bootstrap, groupId, body, rows)
  if (body.dryRun) return { applied: false, blocked, partitions: rows, command }
  if (blocked !== null) throw new KafkaError('NON_EMPTY_GROUP', blocked)
  const errors = await commit(client, groupId, rows)
  const partitions = rows.map((row) => ({
    ...row,
    error: errors.get(`${row.topic}/${row.partition}`) ?? null,
  }))
  return { applied: partitions.every(({ error }) => error === null), blocked: null, partitions, command }
}

async function chosenTopics(
  client: KafkaClient,
  { topics }: Body,
  committed: readonly { topic: string; partition: number }[],
): Promise<TopicMetadata[]> {
  const chosen =
    topics ??
    [...new Set(committed.map(({ topic }) => topic))].map((topic) => ({ topic, partitions: undefined }))
  return Promise.all(
    chosen.map(async ({ topic: name, partitions }) => {
      const topic = await client.topic(name)
      if (partitions === undefined) return topic
      const wanted = new Set(partitions)
      return {
        ...topic,
        partitions: topic.partitions.filter(({ partitionIndex }) => wanted.has(partitionIndex)),
      }
    }),
  )
}

type Planned = {
  body: Body
  bound: Bounds
  current: number | null
  other: number | undefined
  time: number | undefined
}

/** Undefined: the target says nothing of this partition (the other group has no offset there). */
function targetOf({ body: { target }, bound, current, other, time }: Planned): number | undefined {
  switch (target.to) {
    case 'earliest':
      return bound.logStartOffset
    case 'latest':
      return bound.highWatermark
    case 'time':
      return time === undefined || time < 0 ? bound.highWatermark : time
    case 'offset':
      return target.offset
    case 'shift':
      return current === null ? undefined : current + target.by
    case 'group':
      return other
  }
}

function rowOf(topic: string, partition: number, target: number, bound: Bounds, current: number | null): Row {
  const { logStartOffset, highWatermark } = bound
  const newOffset = Math.min(Math.max(target, logStartOffset), highWatermark)
  const note =
    target < logStartOffset
      ? `The log begins at ${logStartOffset}.`
      : target > highWatermark
        ? `The log ends at ${highWatermark}.`
        : null
  return {
    topic,
    partition,
    currentOffset: current,
    newOffset,
    note,
    lagBefore: current === null ? null : Math.max(0, highWatermark - Math.max(current, logStartOffset)),
    lagAfter: highWatermark - newOffset,
    error: null,
  }
}

/** Offsets can be set from outside only while no member holds them. */
async function whyBlocked(client: KafkaClient, groupId: string): Promise<string | null> {
  const { nodes } = await client.metadata([])
  const listed = (await listGroups(client, nodes.keys())).find((group) => group.groupId === groupId)
  if (listed === undefined || listed.state === 'Empty' || listed.state === 'Dead') return null
  const members = (await describeGroups(client, [listed]))[0]?.members.length ?? 0
  if (members === 0) return null
  return `The group has ${members} active ${members === 1 ? 'member' : 'members'}: stop its consumers first.`
}

async function commit(
  client: KafkaClient,
  groupId: string,
  rows: readonly Row[],
): Promise<Map<string, string>> {
  const topics = [...Map.groupBy(rows, ({ topic }) => topic)].map(([name, ofTopic]) => ({
    name,
    partitions: ofTopic.map(({ partition, newOffset }) => ({
      partitionIndex: partition,
      committedOffset: BigInt(newOffset),
      committedLeaderEpoch: -1,
      committedMetadata: '',
    })),
  }))
  const connection = await client.coordinator(groupId)
  const answer = offsetCommitV8.api.async(connection, groupId, -1, '', null, topics)
  const errors = new Map<string, string>()
  for (const topic of (await withErrorCodes(answer)).topics) {
    for (const { partitionIndex, errorCode } of topic.partitions) {
      const text = errorText(errorCode)
      if (text !== null) errors.set(`${topic.name}/${partitionIndex}`, text)
    }
  }
  return errors
}
