import { Plus, X } from 'lucide-react'
import type { ReactNode } from 'react'
import { Button, IconButton } from '../ui/button.tsx'
import { Checkbox, Field } from '../ui/field.tsx'
import { Input, Select, Textarea } from '../ui/input.tsx'
import type { Draft } from './produce-draft.ts'

type Part = { draft: Draft; set: (change: Partial<Draft>) => void }

/** One record by hand: key, partition, value, copies, headers. */
export function ProduceOne({
  draft,
  partitions,
  onChange,
}: {
  draft: Draft
  partitions: readonly number[]
  onChange: (draft: Draft) => void
}): ReactNode {
  const set = (change: Partial<Draft>) => onChange({ ...draft, ...change })
  return (
    <>
      <KeyAndPartition draft={draft} set={set} partitions={partitions} />
      <Field label="Value" hint={draft.tombstone ? 'A tombstone: compaction deletes this key.' : undefined}>
        {(ids) => (
          <Textarea
            {...ids}
            rows={6}
            value={draft.value}
            disabled={draft.tombstone}
            onChange={(event) => set({ value: event.target.value })}
          />
        )}
      </Field>
      <Options draft={draft} set={set} />
      <HeaderRows headers={draft.headers} onChange={(headers) => set({ headers })} />
    </>
  )
}

function KeyAndPartition({ draft, set, partitions }: Part & { partitions: readonly number[] }): ReactNode {
  return (
    <div className="grid grid-cols-[1fr_10rem] gap-3 max-md:grid-cols-1">
      <Field
        label="Key"
        hint={draft.hasKey ? undefined : 'A null key: records are spread over the partitions.'}
      >
        {(ids) => (
          <Input
            {...ids}
            data-autofocus
            className="font-mono"
            value={draft.key}
            disabled={!draft.hasKey}
            onChange={(event) => set({ key: event.target.value })}
          />
        )}
      </Field>
      <Field label="Partition">
        {(ids) => (
          <Select
            {...ids}
            value={draft.partition}
            onChange={(event) => set({ partition: event.target.value })}
          >
            <option value="">{draft.hasKey ? 'By the key' : 'Any'}</option>
            {partitions.map((partition) => (
              <option key={partition} value={partition}>
                {partition}
              </option>
            ))}
          </Select>
        )}
      </Field>
    </div>
  )
}

/** What is null, and how often it is sent. */
function Options({ draft, set }: Part): ReactNode {
  return (
    <div className="flex flex-wrap items-center gap-x-5 gap-y-1">
      <Checkbox checked={!draft.hasKey} onChange={(none) => set({ hasKey: !none })}>
        No key (null)
      </Checkbox>
      <Checkbox checked={draft.tombstone} onChange={(tombstone) => set({ tombstone })}>
        Tombstone (null value)
      </Checkbox>
      <label className="flex items-center gap-2 text-sm">
        Copies
        <Input
          type="number"
          min={1}
          max={10_000}
          className="!w-24"
          value={draft.copies}
          onChange={(event) =>
            set({ copies: Math.min(10_000, Math.max(1, Math.trunc(Number(event.target.value)) || 1)) })
          }
        />
      </label>
    </div>
  )
}

function HeaderRows({
  headers,
  onChange,
}: {
  headers: Draft['headers']
  onChange: (headers: Draft['headers']) => void
}): ReactNode {
  const set = (id: number, change: Partial<Draft['headers'][number]>) =>
    onChange(headers.map((header) => (header.id === id ? { ...header, ...change } : header)))
  return (
    <fieldset className="flex flex-col gap-2">
      <legend className="mb-1 text-xs font-medium text-muted">Headers</legend>
      {headers.map((header) => (
        <div key={header.id} className="grid grid-cols-[1fr_2fr_auto] gap-2">
          <Input
            aria-label="Header name"
            placeholder="name"
            className="font-mono"
            value={header.key}
            onChange={(event) => set(header.id, { key: event.target.value })}
          />
          <Input
            aria-label="Header value"
            placeholder="value"
            className="font-mono"
            value={header.value}
            onChange={(event) => set(header.id, { value: event.target.value })}
          />
          <IconButton
            label="Remove header"
            onClick={() => onChange(headers.filter((other) => other.id !== header.id))}
          >
            <X aria-hidden className="size-4" />
          </IconButton>
        </div>
      ))}
      <div>
        <Button
          size="sm"
          tone="quiet"
          onClick={() => onChange([...headers, { id: (headers.at(-1)?.id ?? -1) + 1, key: '', value: '' }])}
        >
          <Plus aria-hidden className="size-3.5" />
          Add a header
        </Button>
      </div>
    </fieldset>
  )
}
