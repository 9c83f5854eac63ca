'use client'

import { ArrowRight } from 'lucide-react'
import { type ReactNode, useDeferredValue, useState } from 'react'
import type { PartitionPreview, Topic } from '../../lib/contract/topics.ts'
import { useAddPartitions, usePartitionPreview } from '../../lib/queries/topics.ts'
import { keyColour } from '../format/colour.ts'
import { addPartitionsLine } from '../format/command-line.ts'
import { formatCount, plural } from '../format/count.ts'
import { useCluster } from '../shell/use-cluster.ts'
import { CommandLine } from '../ui/code-snippet.tsx'
import { Dialog } from '../ui/dialog.tsx'
import { Field } from '../ui/field.tsx'
import { Input } from '../ui/input.tsx'
import { notifyDone } from '../ui/notify.ts'
import { PartitionMark } from '../ui/partition-mark.tsx'
import { Failure, Loading } from '../ui/states.tsx'
import { SubmitFooter } from '../ui/submit-footer.tsx'
import { Table, Td, Th, Tr } from '../ui/table.tsx'

function Summary({ preview }: { preview: PartitionPreview }): ReactNode {
  if (preview.keys === 0)
    return (
      <p>
        {preview.recordsScanned === 0
          ? 'The topic has no records, so nothing moves.'
          : 'No record has a key, so no order by key can break.'}
      </p>
    )
  const share = Math.round((preview.keysMoved / preview.keys) * 100)
  return (
    <p>
      <span className="font-semibold text-warm tabular-nums">
        {formatCount(preview.keysMoved)} of {plural(preview.keys, 'key')} ({share} %)
      </span>{' '}
      go to another partition from then on. Their new records are no longer in order with their old ones.
      {!preview.complete && ` Seen in the newest ${formatCount(preview.recordsScanned)} records.`}
      {preview.keysPlacedByMurmur2 < preview.keys &&
        ` ${plural(preview.keys - preview.keysPlacedByMurmur2, 'key')} lie elsewhere than Kafka’s default partitioner puts them: a client here uses another one.`}
    </p>
  )
}

function Spread({ preview }: { preview: PartitionPreview }): ReactNode {
  const most = Math.max(1, ...preview.keysByPartition.flatMap((entry) => [entry.before, entry.after]))
  return (
    <Table label="Keys a partition, before and after">
      <thead>
        <tr>
          <Th>Partition</Th>
          <Th numeric>Keys now</Th>
          <Th numeric>Keys after</Th>
          <Th className="w-2/5">
            <span className="sr-only">Drawn</span>
          </Th>
        </tr>
      </thead>
      <tbody>
        {preview.keysByPartition.map((entry) => (
          <Tr key={entry.partition}>
            <Td className="!h-7">
              <PartitionMark partition={entry.partition} />
            </Td>
            <Td numeric className="!h-7">
              {entry.partition < preview.partitions.before ? formatCount(entry.before) : '–'}
            </Td>
            <Td numeric className="!h-7">
              {formatCount(entry.after)}
            </Td>
            <Td className="!h-7">
              <span aria-hidden className="flex flex-col gap-0.5">
                <span className="h-1 bg-line-strong" style={{ width: `${(entry.before / most) * 100}%` }} />
                <span
                  className="h-1"
                  style={{
                    width: `${(entry.after / most) * 100}%`,
                    background: `var(--p${entry.partition % 12})`,
                  }}
                />
              </span>
            </Td>
          </Tr>
        ))}
      </tbody>
    </Table>
  )
}

function Moves({ preview }: { preview: PartitionPreview }): ReactNode {
  if (preview.moves.length === 0) return null
  return (
    <div className="max-h-56 overflow-y-auto rounded-md border border-line">
      <Table label="Keys that move">
        <thead>
          <tr>
            <Th>Key</Th>
            <Th numeric>Records</Th>
            <Th>Moves</Th>
          </tr>
        </thead>
        <tbody>
          {preview.moves.map((move) => (
            <Tr key={move.key}>
              <Td className="!h-7 max-w-56 truncate font-mono text-xs">
                <span
                  aria-hidden
                  className="mr-2 inline-block size-2 rounded-[1px]"
                  style={{ background: keyColour(move.key) }}
                />
                {move.key}
              </Td>
              <Td numeric className="!h-7">
                {formatCount(move.records)}
              </Td>
              <Td className="!h-7">
                <span className="inline-flex items-center gap-2">
                  {move.from.map((partition) => (
                    <PartitionMark key={partition} partition={partition} />
                  ))}
                  <ArrowRight aria-label="to" className="size-3.5 text-faint" />
                  <PartitionMark partition={move.to} />
                </span>
              </Td>
            </Tr>
          ))}
        </tbody>
      </Table>
    </div>
  )
}

function Preview({ data, error }: Pick<ReturnType<typeof usePartitionPreview>, 'data' | 'error'>): ReactNode {
  if (error) return <Failure title="No preview" error={error} className="!py-4" />
  if (!data) return <Loading lines={4} label="Reading keys" className="!p-0" />
  return (
    <section aria-label="Preview" className="flex flex-col gap-3">
      <Summary preview={data} />
      {data.keys > 0 && data.keysByPartition.length <= 32 && <Spread preview={data} />}
      <Moves preview={data} />
    </section>
  )
}

/** Adds partitions, showing before it is done which of the keys present would move. */
export function AddPartitionsDialog({
  cluster,
  topic,
  onClose,
}: {
  cluster: string
  topic: Topic
  onClose: () => void
}): ReactNode {
  const { cluster: info } = useCluster()
  const now = topic.partitions.length
  const [typed, setTyped] = useState(String(now * 2))
  const wanted = Number(typed)
  const problem =
    Number.isInteger(wanted) && wanted > now && wanted <= 10_000
      ? undefined
      : `A whole number above ${now}: partitions can be added, never taken away.`
  const previewed = useDeferredValue(wanted)
  const preview = usePartitionPreview(cluster, topic.name, previewed, problem === undefined)
  const add = useAddPartitions(cluster, topic.name)
  return (
    <Dialog
      title={`Add partitions to ${topic.name}`}
      width="lg"
      onClose={onClose}
      footer={
        <SubmitFooter
          form="add-partitions"
          disabled={problem !== undefined}
          busy={add.isPending}
          onCancel={onClose}
        >
          {problem ? 'Add partitions' : `Add ${plural(wanted - now, 'partition')}`}
        </SubmitFooter>
      }
    >
      <form
        id="add-partitions"
        className="flex flex-col gap-4"
        onSubmit={(event) => {
          event.preventDefault()
          add.mutate(wanted, {
            onSuccess: (result) => {
              void notifyDone(`${topic.name} has ${plural(result.partitions, 'partition')}`)
              onClose()
            },
          })
        }}
      >
        <Field
          label={`Partitions in all (now ${now})`}
          error={problem ?? add.error?.message}
          className="w-64"
        >
          {(ids) => (
            <Input
              {...ids}
              data-autofocus
              inputMode="numeric"
              value={typed}
              onChange={(event) => setTyped(event.target.value)}
            />
          )}
        </Field>
        {problem === undefined && <Preview data={preview.data} error={preview.error} />}
        <CommandLine
          command={addPartitionsLine(info?.bootstrapServers ?? [], topic.name, problem ? now + 1 : wanted)}
        />
      </form>
    </Dialog>
  )
}
