'use client'

import { type ReactNode, useState } from 'react'
import type { Group } from '../../lib/contract/groups.ts'
import { useDeleteGroup, useDeleteOffsets } from '../../lib/queries/groups.ts'
import { deleteGroupLine, deleteOffsetsLine } from '../format/command-line.ts'
import { plural } from '../format/count.ts'
import { useCluster } from '../shell/use-cluster.ts'
import { ConfirmDialog } from '../ui/confirm-dialog.tsx'
import { Checkbox } from '../ui/field.tsx'
import { notifyDone, notifyFailed } from '../ui/notify.ts'

/** Deletes a group with all of its offsets. */
export function DeleteGroupDialog({
  cluster,
  group,
  onClose,
  onDeleted,
}: {
  cluster: string
  group: Group
  onClose: () => void
  onDeleted: () => void
}): ReactNode {
  const { cluster: info } = useCluster()
  const remove = useDeleteGroup(cluster)
  return (
    <ConfirmDialog
      title={`Delete ${group.groupId}?`}
      losses={
        <p>
          The committed offsets of {plural(group.partitions.length, 'partition')} are lost. A consumer that
          joins with this name starts where its auto.offset.reset says.
          {group.members.length > 0 && ' The group still has members; Kafka refuses until they have left.'}
        </p>
      }
      typedName={group.groupId}
      action="Delete group"
      commandLine={deleteGroupLine(info?.bootstrapServers ?? [], group.groupId)}
      busy={remove.isPending}
      error={remove.error?.message}
      onClose={onClose}
      onConfirm={() =>
        remove.mutate(group.groupId, {
          onSuccess: () => {
            void notifyDone(`Group ${group.groupId} deleted`)
            onDeleted()
          },
        })
      }
    />
  )
}

/** Deletes the group's committed offsets of chosen topics. */
export function DeleteOffsetsDialog({
  cluster,
  group,
  onClose,
}: {
  cluster: string
  group: Group
  onClose: () => void
}): ReactNode {
  const { cluster: info } = useCluster()
  const remove = useDeleteOffsets(cluster, group.groupId)
  const topics = [...new Set(group.partitions.map((partition) => partition.topic))].sort()
  const [chosen, setChosen] = useState<readonly string[]>(topics.length === 1 ? topics : [])
  return (
    <ConfirmDialog
      title={`Delete offsets of ${group.groupId}?`}
      typedName={group.groupId}
      action="Delete offsets"
      commandLine={deleteOffsetsLine(info?.bootstrapServers ?? [], group.groupId, chosen)}
      busy={remove.isPending}
      error={chosen.length === 0 ? undefined : remove.error?.message}
      onClose={onClose}
      onConfirm={() => {
        if (chosen.length === 0) return
        remove.mutate(
          { topics: chosen.map((topic) => ({ topic })) },
          {
            onSuccess: (result) => {
              const failed = result.partitions.filter((one) => one.error !== null)
              if (failed.length > 0)
                void notifyFailed('Some offsets were not deleted', `${failed[0]!.topic}: ${failed[0]!.error}`)
              else void notifyDone('Offsets deleted', plural(result.partitions.length, 'partition'))
              onClose()
            },
          },
        )
      }}
      losses={
        <div className="flex flex-col gap-3">
          <p>
            The group forgets where it was in these topics. Kafka refuses for a topic that a member is
            subscribed to.
          </p>
          <fieldset className="flex max-h-48 flex-col gap-1 overflow-y-auto">
            <legend className="sr-only">Topics</legend>
            {topics.map((topic) => (
              <Checkbox
                key={topic}
                checked={chosen.includes(topic)}
                onChange={(checked) =>
                  setChosen(checked ? [...chosen, topic] : chosen.filter((other) => other !== topic))
                }
              >
                {topic}
              </Checkbox>
            ))}
          </fieldset>
        </div>
      }
    />
  )
}
