'use client'

import { useRouter, useSearchParams } from 'next/navigation'
import { type ReactNode, useState } from 'react'
import { useCloneTopic } from '../../lib/queries/topics.ts'
import { topicPath, withCluster } from '../ui/cluster-link.tsx'
import { Dialog } from '../ui/dialog.tsx'
import { Field } from '../ui/field.tsx'
import { Input } from '../ui/input.tsx'
import { notifyDone } from '../ui/notify.ts'
import { SubmitFooter } from '../ui/submit-footer.tsx'
import { topicNameProblem } from './create-topic-dialog.tsx'

/** A new, empty topic with another's partitions and configs. */
export function CloneTopicDialog({
  cluster,
  topic,
  onClose,
}: {
  cluster: string
  topic: string
  onClose: () => void
}): ReactNode {
  const [name, setName] = useState(`${topic}-copy`)
  const clone = useCloneTopic(cluster)
  const router = useRouter()
  const chosen = useSearchParams().get('cluster')
  const problem = topicNameProblem(name)
  return (
    <Dialog
      title={`Clone ${topic}`}
      description="The new topic has the same partitions and configs, and no records."
      onClose={onClose}
      footer={
        <SubmitFooter
          form="clone-topic"
          busy={clone.isPending}
          disabled={name === '' || problem !== undefined}
          onCancel={onClose}
        >
          Clone topic
        </SubmitFooter>
      }
    >
      <form
        id="clone-topic"
        onSubmit={(event) => {
          event.preventDefault()
          clone.mutate(
            { topic, name },
            {
              onSuccess: (made) => {
                void notifyDone(`Topic ${made.name} created`)
                onClose()
                router.push(withCluster(topicPath(made.name), chosen))
              },
            },
          )
        }}
      >
        <Field label="Name of the new topic" error={problem ?? clone.error?.message}>
          {(ids) => (
            <Input
              {...ids}
              data-autofocus
              className="font-mono"
              value={name}
              onChange={(event) => setName(event.target.value)}
            />
          )}
        </Field>
      </form>
    </Dialog>
  )
}
