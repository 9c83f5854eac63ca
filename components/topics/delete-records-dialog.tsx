'use client'

import { type ReactNode, useState } from 'react'
import type { Topic } from '../../lib/contract/topics.ts'
import { useDeleteRecords } from '../../lib/queries/topics.ts'
import { deleteRecordsLine } from '../format/command-line.ts'
import { formatCount } from '../format/count.ts'
import { useCluster } from '../shell/use-cluster.ts'
import { ConfirmDialog } from '../ui/confirm-dialog.tsx'
import { Field } from '../ui/field.tsx'
import { Input, Select } from '../ui/input.tsx'
import { notifyDone, notifyFailed } from '../ui/notify.ts'

/** Deletes the records below an offset, of one partition or all. */
export function DeleteRecordsDialog({
  cluster,
  topic,
  onClose,
}: {
  cluster: string
  topic: Topic
  onClose: () => void
}): ReactNode {
  const { cluster: info } = useCluster()
  const [which, setWhich] = useState('all')
  const [offset, setOffset] = useState('')
  const remove = useDeleteRecords(cluster, topic.name)
  const chosen = topic.partitions.filter((one) => which === 'all' || String(one.partition) === which)
  const typedOffset = offset.trim() === '' ? -1 : Number(offset)
  const valid = Number.isInteger(typedOffset) && typedOffset >= -1
  const partitions = chosen.map(({ partition }) => ({ partition, offset: valid ? typedOffset : -1 }))
  const lost = chosen.reduce((sum, one) => {
    const upTo = typedOffset < 0 ? one.highWatermark : Math.min(typedOffset, one.highWatermark)
    return sum + Math.max(0, upTo - one.logStartOffset)
  }, 0)
  return (
    <ConfirmDialog
      title={`Delete records of ${topic.name}?`}
      action="Delete records"
      typedName={topic.name}
      busy={remove.isPending}
      error={valid ? remove.error?.message : 'The offset must be a whole number, or empty for all records.'}
      commandLine={deleteRecordsLine(info?.bootstrapServers ?? [], topic.name, partitions)}
      onClose={onClose}
      onConfirm={() => {
        if (!valid) return
        remove.mutate(
          { partitions },
          {
            onSuccess: (result) => {
              const failed = result.partitions.filter((one) => one.error !== null)
              if (failed.length > 0)
                void notifyFailed(
                  'Some records were not deleted',
                  failed.map((one) => `Partition ${one.partition}: ${one.error}`).join('; '),
                )
              else void notifyDone('Records deleted')
              onClose()
            },
          },
        )
      }}
      losses={
        <div className="flex flex-col gap-3">
          <Range topic={topic} which={which} onWhich={setWhich} offset={offset} onOffset={setOffset} />
          <p>
            Up to <span className="font-semibold tabular-nums">{formatCount(lost)}</span> records are lost.
            The offsets that follow stay as they are. This cannot be undone.
          </p>
        </div>
      }
    />
  )
}

/** One partition or all, and up to where. */
function Range({
  topic,
  which,
  onWhich,
  offset,
  onOffset,
}: {
  topic: Topic
  which: string
  onWhich: (which: string) => void
  offset: string
  onOffset: (offset: string) => void
}): ReactNode {
  return (
    <div className="grid grid-cols-2 gap-3">
      <Field label="Partition">
        {(ids) => (
          <Select {...ids} value={which} onChange={(event) => onWhich(event.target.value)}>
            <option value="all">All partitions</option>
            {topic.partitions.map(({ partition }) => (
              <option key={partition} value={String(partition)}>
                Partition {partition}
              </option>
            ))}
          </Select>
        )}
      </Field>
      <Field label="Below offset">
        {(ids) => (
          <Input
            {...ids}
            inputMode="numeric"
            placeholder="all records"
            value={offset}
            onChange={(event) => onOffset(event.target.value)}
          />
        )}
      </Field>
    </div>
  )
}
