'use client'

import { ArrowRight } from 'lucide-react'
import { type ReactNode, useEffect, useMemo, useState } from 'react'
import type { Group, ResetOffsetsBody, ResetOffsetsResult } from '../../lib/contract/groups.ts'
import { useGroups, useResetOffsets } from '../../lib/queries/groups.ts'
import { formatCount, plural } from '../format/count.ts'
import { CommandLine } from '../ui/code-snippet.tsx'
import { Dialog } from '../ui/dialog.tsx'
import { Checkbox, Field, Segmented } from '../ui/field.tsx'
import { Input, Select } from '../ui/input.tsx'
import { notifyDone } from '../ui/notify.ts'
import { PartitionMark } from '../ui/partition-mark.tsx'
import { Loading } from '../ui/states.tsx'
import { SubmitFooter } from '../ui/submit-footer.tsx'
import { Table, Td, Th, Tr } from '../ui/table.tsx'
import { type ResetForm, resetChoices, targetOf } from './reset-target.ts'

const keyOf = (row: { topic: string; partition: number }) => `${row.topic}/${row.partition}`

function TargetField({
  cluster,
  group,
  form,
  onChange,
}: {
  cluster: string
  group: string
  form: ResetForm
  onChange: (change: Partial<ResetForm>) => void
}): ReactNode {
  const others = useGroups(cluster).data?.groups.filter((other) => other.groupId !== group) ?? []
  switch (form.to) {
    case 'time':
      return (
        <Field label="First record at or after" hint="In your time zone.">
          {(ids) => (
            <Input
              {...ids}
              type="datetime-local"
              step="1"
              value={form.time}
              onChange={(event) => onChange({ time: event.target.value })}
            />
          )}
        </Field>
      )
    case 'offset':
      return (
        <Field label="Offset" hint="The same for each partition; out of range is brought into it.">
          {(ids) => (
            <Input
              {...ids}
              inputMode="numeric"
              value={form.offset}
              onChange={(event) => onChange({ offset: event.target.value })}
            />
          )}
        </Field>
      )
    case 'shift':
      return (
        <Field label="Records to shift by" hint="Negative goes back: -100 reads the last hundred again.">
          {(ids) => (
            <Input {...ids} value={form.by} onChange={(event) => onChange({ by: event.target.value })} />
          )}
        </Field>
      )
    case 'group':
      return (
        <Field label="Where another group stands">
          {(ids) => (
            <Select
              {...ids}
              value={form.groupId}
              onChange={(event) => onChange({ groupId: event.target.value })}
            >
              <option value="">Choose a group</option>
              {others.map((other) => (
                <option key={other.groupId}>{other.groupId}</option>
              ))}
            </Select>
          )}
        </Field>
      )
    default:
      return null
  }
}

function Topics({
  topics,
  chosen,
  onChange,
}: {
  topics: readonly string[]
  chosen: ReadonlySet<string>
  onChange: (chosen: Set<string>) => void
}): ReactNode {
  if (topics.length < 2) return null
  return (
    <fieldset className="flex flex-wrap gap-x-4 gap-y-1">
      <legend className="mb-1 text-xs font-medium text-muted">Topics</legend>
      {topics.map((topic) => (
        <Checkbox
          key={topic}
          checked={chosen.has(topic)}
          onChange={(checked) => {
            const next = new Set(chosen)
            if (checked) next.add(topic)
            else next.delete(topic)
            onChange(next)
          }}
        >
          {topic}
        </Checkbox>
      ))}
    </fieldset>
  )
}

function DryRun({
  result,
  overrides,
  onOverride,
}: {
  result: ResetOffsetsResult
  overrides: ReadonlyMap<string, string>
  onOverride: (key: string, offset: string) => void
}): ReactNode {
  return (
    <div className="max-h-72 overflow-y-auto rounded-md border border-line">
      <Table label="What would change">
        <thead>
          <tr>
            <Th>Partition</Th>
            <Th numeric>Offset now</Th>
            <Th className="max-md:hidden">
              <span className="sr-only">becomes</span>
            </Th>
            <Th>Offset then</Th>
            <Th numeric className="max-md:hidden">
              Lag now
            </Th>
            <Th numeric>Lag then</Th>
          </tr>
        </thead>
        <tbody>
          {result.partitions.map((row) => (
            <Tr key={keyOf(row)}>
              <Td className="max-w-48 truncate" title={row.topic}>
                <span className="inline-flex items-center gap-2">
                  <PartitionMark partition={row.partition} />
                  <span className="truncate text-xs text-muted">{row.topic}</span>
                </span>
              </Td>
              <Td numeric>{formatCount(row.currentOffset)}</Td>
              <Td className="max-md:hidden">
                <ArrowRight aria-hidden className="size-3.5 text-faint" />
              </Td>
              <Td className="w-40 max-md:w-24">
                <Input
                  aria-label={`New offset of ${row.topic} partition ${row.partition}`}
                  inputMode="numeric"
                  className="!h-7 tabular-nums"
                  value={overrides.get(keyOf(row)) ?? String(row.newOffset)}
                  onChange={(event) => onOverride(keyOf(row), event.target.value)}
                />
                {(row.error ?? row.note) && (
                  <span className={row.error ? 'text-xs text-loss' : 'text-xs text-faint'}>
                    {row.error ?? row.note}
                  </span>
                )}
              </Td>
              <Td numeric className="max-md:hidden">
                {formatCount(row.lagBefore)}
              </Td>
              <Td numeric className={row.lagAfter > (row.lagBefore ?? 0) ? 'text-warm' : ''}>
                {formatCount(row.lagAfter)}
              </Td>
            </Tr>
          ))}
        </tbody>
      </Table>
    </div>
  )
}

function useBody(group: Group): {
  form: ResetForm
  change: (change: Partial<ResetForm>) => void
  topics: string[]
  chosen: ReadonlySet<string>
  choose: (chosen: Set<string>) => void
  overrides: ReadonlyMap<string, string>
  override: (key: string, offset: string) => void
  body: ResetOffsetsBody | undefined
} {
  const topics = useMemo(
    () => [...new Set(group.partitions.map((partition) => partition.topic))].sort(),
    [group.partitions],
  )
  const [form, setForm] = useState<ResetForm>({
    to: 'earliest',
    time: '',
    offset: '0',
    by: '-100',
    groupId: '',
  })
  const [chosen, setChosen] = useState<ReadonlySet<string>>(() => new Set(topics))
  const [overrides, setOverrides] = useState<ReadonlyMap<string, string>>(new Map())
  const target = targetOf(form)
  const body =
    target === undefined || chosen.size === 0
      ? undefined
      : {
          target,
          topics: [...chosen].map((topic) => ({ topic })),
          overrides: [...overrides]
            .filter(([, offset]) => /^\d+$/.test(offset))
            .map(([key, offset]) => ({
              topic: key.slice(0, key.lastIndexOf('/')),
              partition: Number(key.slice(key.lastIndexOf('/') + 1)),
              offset: Number(offset),
            })),
        }
  return {
    form,
    change: (part) => {
      setForm({ ...form, ...part })
      setOverrides(new Map())
    },
    topics,
    chosen,
    choose: setChosen,
    overrides,
    override: (key, offset) => setOverrides(new Map(overrides).set(key, offset)),
    body,
  }
}

const askAfterMs = 200

/** Sets where a group goes on: always shown as a dry run first, with Kafka's own command line. */
export function ResetOffsetsDialog({
  cluster,
  group,
  onClose,
}: {
  cluster: string
  group: Group
  onClose: () => void
}): ReactNode {
  const { form, change, topics, chosen, choose, overrides, override, body } = useBody(group)
  const dryRun = useResetOffsets(cluster, group.groupId)
  const reset = useResetOffsets(cluster, group.groupId)
  const asked = body === undefined ? null : JSON.stringify(body)
  const { mutate: runDry } = dryRun
  useEffect(() => {
    if (asked === null) return
    const timer = setTimeout(
      () => runDry({ ...(JSON.parse(asked) as ResetOffsetsBody), dryRun: true }),
      askAfterMs,
    )
    return () => clearTimeout(timer)
  }, [asked, runDry])
  const result = asked === null ? undefined : dryRun.data
  const changed = result?.partitions.filter((row) => row.newOffset !== row.currentOffset).length ?? 0
  function apply(): void {
    if (!body) return
    reset.mutate(
      { ...body, dryRun: false },
      {
        onSuccess: (done) => {
          if (!done.applied) return
          void notifyDone(`Offsets of ${group.groupId} reset`, plural(done.partitions.length, 'partition'))
          onClose()
        },
      },
    )
  }
  const problem = reset.error?.message ?? reset.data?.blocked ?? dryRun.error?.message
  return (
    <Dialog
      title={`Reset offsets of ${group.groupId}`}
      description="Nothing changes until you press Reset; below is what would."
      width="xl"
      onClose={onClose}
      footer={
        <SubmitFooter
          form="reset-offsets"
          busy={reset.isPending}
          disabled={!result || result.blocked !== null || changed === 0}
          onCancel={onClose}
        >
          {result ? `Reset ${plural(changed, 'partition')}` : 'Reset'}
        </SubmitFooter>
      }
    >
      <form
        id="reset-offsets"
        className="flex flex-col gap-4"
        onSubmit={(event) => {
          event.preventDefault()
          apply()
        }}
      >
        <div className="flex flex-wrap items-end gap-4">
          <Segmented label="To" value={form.to} options={resetChoices} onChange={(to) => change({ to })} />
          <div className="w-72">
            <TargetField cluster={cluster} group={group.groupId} form={form} onChange={change} />
          </div>
        </div>
        <Topics topics={topics} chosen={chosen} onChange={choose} />
        {result?.blocked && (
          <p role="status" className="rounded-md bg-warm-wash px-3 py-2 text-sm text-warm">
            {result.blocked}
          </p>
        )}
        {problem && (
          <p role="alert" className="text-sm text-loss">
            {problem}
          </p>
        )}
        {result ? (
          <>
            <DryRun result={result} overrides={overrides} onOverride={override} />
            <CommandLine command={result.command} />
          </>
        ) : (
          asked !== null &&
          !dryRun.error && <Loading lines={4} label="Working out the offsets" className="!p-0" />
        )}
      </form>
    </Dialog>
  )
}
