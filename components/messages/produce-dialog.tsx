'use client'

import { Plus, X } from 'lucide-react'
import { type ReactNode, useId, useMemo, useState } from 'react'
import type { KafkaRecord, Produced, ProduceRecord } from '../../lib/contract/records.ts'
import { useProduce } from '../../lib/queries/records.ts'
import { plural } from '../format/count.ts'
import { Button, IconButton } from '../ui/button.tsx'
import { CommandLine } from '../ui/code-snippet.tsx'
import { Dialog } from '../ui/dialog.tsx'
import { Checkbox, Field, Segmented } from '../ui/field.tsx'
import { Input, Select, Textarea } from '../ui/input.tsx'
import {
  type Draft,
  draftOf,
  emptyDraft,
  isText,
  kcatCommand,
  recordsOf,
  type Sending,
} from './produce-draft.ts'
import { ProduceMany } from './produce-many.tsx'

/** Produces one record, or many from lines or a file; stays open, since one seldom sends only one. */
export function ProduceDialog({
  cluster,
  topic,
  bootstrap,
  partitions,
  from,
  onClose,
}: {
  cluster: string
  topic: string
  bootstrap: string
  partitions: readonly number[]
  /** The record that is to be produced again. */
  from: KafkaRecord | null
  onClose: () => void
}): ReactNode {
  const [mode, setMode] = useState<'one' | 'many'>('one')
  const [draft, setDraft] = useState<Draft>(from === null ? emptyDraft : draftOf(from))
  const [sending, setSending] = useState<Sending>({ compression: from?.compression ?? 'none', acks: 'all' })
  const [many, setMany] = useState<readonly ProduceRecord[]>([])
  const produce = useProduce(cluster, topic)
  const formId = useId()
  const records = useMemo(() => (mode === 'one' ? recordsOf(draft) : many), [mode, draft, many])

  function send(): void {
    if (records.length === 0 || produce.isPending) return
    produce.mutate({ records: [...records], ...sending })
  }

  return (
    <Dialog
      title={from === null ? 'Produce' : 'Produce again'}
      description={<>To topic {topic}. The records are real and stay until retention removes them.</>}
      width="lg"
      onClose={onClose}
      footer={
        <>
          {produce.error && (
            <p role="alert" className="min-w-0 flex-1 text-xs text-loss">
              {produce.error.message}
            </p>
          )}
          {produce.data && !produce.isPending && (
            <p role="status" className="min-w-0 flex-1 text-xs text-flow">
              {summary(produce.data)}
            </p>
          )}
          <Button onClick={onClose}>Close</Button>
          <Button
            tone="primary"
            type="submit"
            form={formId}
            busy={produce.isPending}
            disabled={records.length === 0}
          >
            Produce {records.length === 1 ? '' : plural(records.length, 'record')}
          </Button>
        </>
      }
    >
      <form
        id={formId}
        className="flex flex-col gap-4"
        onSubmit={(event) => {
          event.preventDefault()
          send()
        }}
        onKeyDown={(event) => {
          if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) send()
        }}
      >
        {from === null && (
          <Segmented
            label="How many"
            className="self-start"
            value={mode}
            options={[
              { value: 'one', label: 'One record' },
              { value: 'many', label: 'Many' },
            ]}
            onChange={setMode}
          />
        )}
        {from !== null && !isText(from) && (
          <p className="rounded-md bg-warm-wash px-3 py-2 text-xs text-warm">
            Key or value is not text, or not shown whole: what you send from here is the text below, not the
            same bytes.
          </p>
        )}
        {mode === 'one' ? (
          <OneRecord draft={draft} partitions={partitions} onChange={setDraft} />
        ) : (
          <ProduceMany onChange={setMany} />
        )}
        <SendingFields sending={sending} onChange={setSending} />
        {mode === 'one' && <CommandLine command={kcatCommand(draft, sending, topic, bootstrap)} />}
      </form>
    </Dialog>
  )
}

function summary(result: Produced): string {
  const [only] = result.partitions
  if (result.records === 1 && only) {
    return only.baseOffset === null
      ? `Sent to partition ${only.partition}; nobody acknowledged it`
      : `Stored in partition ${only.partition} at offset ${only.baseOffset}`
  }
  return `Stored ${plural(result.records, 'record')} in ${plural(result.partitions.length, 'partition')}`
}

function OneRecord({
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
      <HeaderRows headers={draft.headers} onChange={(headers) => set({ headers })} />
    </>
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

const codecs = ['none', 'gzip', 'snappy', 'lz4', 'zstd'] as const
const acksChoices = ['all', '1', '0'] as const
const acksNames = { all: 'All in-sync replicas', '1': 'The leader', '0': 'Nobody (fire and forget)' }

function SendingFields({
  sending,
  onChange,
}: {
  sending: Sending
  onChange: (sending: Sending) => void
}): ReactNode {
  return (
    <div className="grid grid-cols-2 gap-3">
      <Field label="Compression">
        {(ids) => (
          <Select
            {...ids}
            value={sending.compression}
            onChange={(event) =>
              onChange({
                ...sending,
                compression: codecs.find((name) => name === event.target.value) ?? 'none',
              })
            }
          >
            {codecs.map((codec) => (
              <option key={codec} value={codec}>
                {codec}
              </option>
            ))}
          </Select>
        )}
      </Field>
      <Field label="Acknowledged by (acks)">
        {(ids) => (
          <Select
            {...ids}
            value={sending.acks}
            onChange={(event) =>
              onChange({ ...sending, acks: acksChoices.find((name) => name === event.target.value) ?? 'all' })
            }
          >
            {acksChoices.map((acks) => (
              <option key={acks} value={acks}>
                {acksNames[acks]}
              </option>
            ))}
          </Select>
        )}
      </Field>
    </div>
  )
}
