'use client'

import type { ReactNode } from 'react'
import { useDeleteTopics } from '../../lib/queries/topics.ts'
import { deleteTopicLine } from '../format/command-line.ts'
import { formatCount, plural } from '../format/count.ts'
import { useCluster } from '../shell/use-cluster.ts'
import { ConfirmDialog } from '../ui/confirm-dialog.tsx'
import { notifyDone } from '../ui/notify.ts'

/** Names what is lost with the topics and asks for a name, or the number of them, typed. */
export function DeleteTopicsDialog({
  cluster,
  topics,
  records,
  groups,
  onClose,
  onDeleted,
}: {
  cluster: string
  topics: readonly string[]
  records: number | null
  groups: number | null
  onClose: () => void
  onDeleted: () => void
}): ReactNode {
  const { cluster: info } = useCluster()
  const remove = useDeleteTopics(cluster)
  const only = topics.length === 1 ? topics[0]! : undefined
  return (
    <ConfirmDialog
      title={only ? `Delete ${only}?` : `Delete ${plural(topics.length, 'topic')}?`}
      losses={
        <>
          <p>
            {records === null ? 'All records are lost' : `${formatCount(records)} records are lost`}
            {groups === null || groups === 0
              ? '.'
              : `, and ${plural(groups, 'group')} ${groups === 1 ? 'loses its' : 'lose their'} place.`}{' '}
            This cannot be undone.
          </p>
          {!only && (
            <ul className="mt-2 max-h-40 overflow-y-auto rounded-md border border-line bg-sunken px-3 py-2 font-mono text-xs">
              {topics.map((topic) => (
                <li key={topic} className="break-all">
                  {topic}
                </li>
              ))}
            </ul>
          )}
        </>
      }
      typedName={only ?? String(topics.length)}
      action={only ? 'Delete topic' : `Delete ${plural(topics.length, 'topic')}`}
      commandLine={deleteTopicLine(info?.bootstrapServers ?? [], topics)}
      busy={remove.isPending}
      error={remove.error?.message}
      onClose={onClose}
      onConfirm={() =>
        remove.mutate(topics, {
          onSuccess: () => {
            void notifyDone(only ? `Topic ${only} deleted` : `${plural(topics.length, 'topic')} deleted`)
            onDeleted()
          },
        })
      }
    />
  )
}
