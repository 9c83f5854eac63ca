import { useEffect, useMemo, useState } from 'react'
import type { Group, ResetOffsetsBody, ResetOffsetsResult } from '../../lib/contract/groups.ts'
import { useResetOffsets } from '../../lib/queries/groups.ts'
import { type ResetForm, targetOf } from './reset-target.ts'

/** Offsets typed by hand, by `rowKey`. */
export type ResetOverrides = ReadonlyMap<string, string>

const begin: ResetForm = { to: 'earliest', time: '', offset: '0', by: '-100', groupId: '' }
const askAfterMs = 200

export const rowKey = (row: { topic: string; partition: number }) => `${row.topic}/${row.partition}`

/** The form of a reset: the target, the topics, and offsets set by hand, which a new target forgets. */
export function useResetForm(group: Group) {
  const topics = useMemo(
    () => [...new Set(group.partitions.map((partition) => partition.topic))].sort(),
    [group.partitions],
  )
  const [form, setForm] = useState<ResetForm>(begin)
  const [chosen, setChosen] = useState<ReadonlySet<string>>(() => new Set(topics))
  const [overrides, setOverrides] = useState<ResetOverrides>(new Map())
  return {
    form,
    change: (part: Partial<ResetForm>) => {
      setForm({ ...form, ...part })
      setOverrides(new Map())
    },
    topics,
    chosen,
    choose: setChosen,
    overrides,
    override: (key: string, offset: string) => setOverrides(new Map(overrides).set(key, offset)),
    body: bodyOf(form, chosen, overrides),
  }
}

/** What is asked of the server, or undefined while the form is not complete. */
function bodyOf(
  form: ResetForm,
  topics: ReadonlySet<string>,
  overrides: ResetOverrides,
): ResetOffsetsBody | undefined {
  const target = targetOf(form)
  if (target === undefined || topics.size === 0) return undefined
  return {
    target,
    topics: [...topics].map((topic) => ({ topic })),
    overrides: [...overrides]
      .filter(([, offset]) => /^\d+$/.test(offset))
      .map(([key, offset]) => ({
        topic: key.slice(0, key.lastIndexOf('/')),
        partition: Number(key.slice(key.lastIndexOf('/') + 1)),
        offset: Number(offset),
      })),
  }
}

type DryRun = { result: ResetOffsetsResult | undefined; error: Error | null; asking: boolean }

/** What `body` would change, asked a moment after the form was last changed. */
export function useDryRun(cluster: string, groupId: string, body: ResetOffsetsBody | undefined): DryRun {
  const { mutate, data, error } = useResetOffsets(cluster, groupId)
  const asked = body === undefined ? null : JSON.stringify(body)
  useEffect(() => {
    if (asked === null) return
    const timer = setTimeout(
      () => mutate({ ...(JSON.parse(asked) as ResetOffsetsBody), dryRun: true }),
      askAfterMs,
    )
    return () => clearTimeout(timer)
  }, [asked, mutate])
  return { result: asked === null ? undefined : data, error, asking: asked !== null && !error }
}
