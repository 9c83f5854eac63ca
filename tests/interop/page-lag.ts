import type { PartitionLag } from './client.ts'

type GroupAnswer = {
  group: {
    partitions: {
      topic: string
      partition: number
      committedOffset: number | null
      highWatermark: number
      lag: number | null
    }[]
  }
}

/** Lag of a group in a topic as the dashboard tells it, `cluster` being its URL; partitions with a commit alone. */
export async function pageLag(
  cluster: string,
  group: string,
  topic: string,
): Promise<(PartitionLag & { lag: number })[]> {
  const response = await fetch(`${cluster}/groups/${encodeURIComponent(group)}`)
  if (!response.ok) throw new Error(`the dashboard answered ${response.status}: ${await response.text()}`)
  const { group: described } = (await response.json()) as GroupAnswer
  return described.partitions
    .filter((one) => one.topic === topic && one.committedOffset !== null)
    .map((one) => ({
      partition: one.partition,
      committed: one.committedOffset!,
      end: one.highWatermark,
      lag: one.lag!,
    }))
    .sort((a, b) => a.partition - b.partition)
}
