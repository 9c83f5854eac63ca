'use client'

import { type ReactNode, useId, useMemo, useState } from 'react'
import type { KafkaRecord, Produced, ProduceRecord } from '../../lib/contract/records.ts'
import { useProduce } from '../../lib/queries/records.ts'
import { plural } from '../format/count.ts'
import { Button } from '../ui/button.tsx'
import { CommandLine } from '../ui/code-snippet.tsx'
import { Dialog } from '../ui/dialog.tsx'
import { Segmented } from '../ui/field.tsx'
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
import { ProduceOne } from './produce-one.tsx'
import { SendingFields } from './sending-fields.tsx'

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
          <Outcome error={produce.error} produced={produce.isPending ? undefined : produce.data} />
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
        {from !== null && !isText(from) && <NotTheSameBytes />}
        {mode === 'one' ? (
          <ProduceOne draft={draft} partitions={partitions} onChange={setDraft} />
        ) : (
          <ProduceMany onChange={setMany} />
        )}
        <SendingFields sending={sending} onChange={setSending} />
        {mode === 'one' && <CommandLine command={kcatCommand(draft, sending, topic, bootstrap)} />}
      </form>
    </Dialog>
  )
}

function NotTheSameBytes(): ReactNode {
  return (
    <p className="rounded-md bg-warm-wash px-3 py-2 text-xs text-warm">
      Key or value is not text, or not shown whole: what you send from here is the text below, not the same
      bytes.
    </p>
  )
}

/** What the broker said to what was sent last. */
function Outcome({ error, produced }: { error: Error | null; produced: Produced | undefined }): ReactNode {
  return (
    <>
      {error && (
        <p role="alert" className="min-w-0 flex-1 text-xs text-loss">
          {error.message}
        </p>
      )}
      {produced && (
        <p role="status" className="min-w-0 flex-1 text-xs text-flow">
          {summary(produced)}
        </p>
      )}
    </>
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
