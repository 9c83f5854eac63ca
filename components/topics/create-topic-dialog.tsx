'use client'

import { useRouter, useSearchParams } from 'next/navigation'
import { type ComponentProps, type ReactNode, useState } from 'react'
import { CallError } from '../../lib/contract/call.ts'
import { useCreateTopic } from '../../lib/queries/topics.ts'
import { createTopicLine } from '../format/command-line.ts'
import { useCluster } from '../shell/use-cluster.ts'
import { topicPath, withCluster } from '../ui/cluster-link.tsx'
import { CommandLine } from '../ui/code-snippet.tsx'
import { Dialog } from '../ui/dialog.tsx'
import { Field, Segmented } from '../ui/field.tsx'
import { Input, Textarea } from '../ui/input.tsx'
import { notifyDone } from '../ui/notify.ts'
import { SubmitFooter } from '../ui/submit-footer.tsx'

type CleanupPolicy = 'delete' | 'compact' | 'compact,delete'

const retentions = [
  { label: 'Default', value: '' },
  { label: '1 hour', value: '3600000' },
  { label: '1 day', value: '86400000' },
  { label: '7 days', value: '604800000' },
  { label: 'For ever', value: '-1' },
] as const

/** `name=value` lines to a map; the first line that is neither is given back as wrong. */
function parseConfigLines(text: string): {
  configs: Record<string, string>
  wrong: string | undefined
} {
  const configs: Record<string, string> = {}
  for (const raw of text.split('\n')) {
    const entry = raw.trim()
    if (entry === '') continue
    const at = entry.indexOf('=')
    if (at < 1) return { configs, wrong: entry }
    configs[entry.slice(0, at).trim()] = entry.slice(at + 1).trim()
  }
  return { configs, wrong: undefined }
}

/** Kafka's rule for a topic name, told while it is typed. */
export function topicNameProblem(name: string): string | undefined {
  if (name === '') return undefined
  if (!/^[a-zA-Z0-9._-]+$/.test(name)) return 'Only letters, digits, dot, underscore and hyphen.'
  if (name === '.' || name === '..') return 'A topic cannot be called . or ..'
  if (name.length > 249) return 'A topic name has at most 249 characters.'
  return undefined
}

function useForm() {
  const [name, setName] = useState('')
  const [partitions, setPartitions] = useState('6')
  const [policy, setPolicy] = useState<CleanupPolicy>('delete')
  const [retention, setRetention] = useState('')
  const [more, setMore] = useState('')
  const parsed = parseConfigLines(more)
  const count = Number(partitions)
  const body = {
    name,
    partitions: count,
    replicationFactor: -1,
    configs: {
      ...(policy === 'delete' ? {} : { 'cleanup.policy': policy }),
      ...(retention === '' ? {} : { 'retention.ms': retention }),
      ...parsed.configs,
    },
  }
  const problems = {
    name: topicNameProblem(name),
    partitions:
      Number.isInteger(count) && count >= 1 && count <= 10_000
        ? undefined
        : 'A whole number from 1 to 10,000.',
    more: parsed.wrong === undefined ? undefined : `“${parsed.wrong}” is not of the form name=value.`,
  }
  const ready = name !== '' && !problems.name && !problems.partitions && !problems.more
  return {
    fields: {
      name,
      setName,
      partitions,
      setPartitions,
      policy,
      setPolicy,
      retention,
      setRetention,
      more,
      setMore,
    },
    body,
    problems,
    ready,
  }
}

/** Creates a topic and goes to it. */
export function CreateTopicDialog({
  cluster,
  onClose,
}: {
  cluster: string
  /** A promise when closing changes the URL. */
  onClose: () => unknown
}): ReactNode {
  const { cluster: info } = useCluster()
  const router = useRouter()
  const chosen = useSearchParams().get('cluster')
  const { fields, body, problems, ready } = useForm()
  const create = useCreateTopic(cluster)
  const refused = create.error instanceof CallError ? create.error : null
  const fieldError = (path: string) => refused?.fields.find((field) => field.path === path)?.message
  function submit(): void {
    create.mutate(body, {
      onSuccess: async (topic) => {
        void notifyDone(`Topic ${topic.name} created`)
        // Two changes of the URL at once: the slower one would take the way to the topic back.
        await onClose()
        router.push(withCluster(topicPath(topic.name), chosen))
      },
    })
  }
  return (
    <Dialog
      title="Create topic"
      onClose={onClose}
      footer={
        <SubmitFooter form="create-topic" disabled={!ready} busy={create.isPending} onCancel={onClose}>
          Create topic
        </SubmitFooter>
      }
    >
      <form
        id="create-topic"
        className="flex flex-col gap-4"
        onSubmit={(event) => {
          event.preventDefault()
          if (ready && !create.isPending) submit()
        }}
      >
        <NameAndPartitions
          fields={fields}
          nameProblem={problems.name ?? fieldError('name')}
          partitionsProblem={problems.partitions ?? fieldError('partitions')}
        />
        <OldRecords fields={fields} />
        <MoreConfigs fields={fields} problem={problems.more} />
        <CommandLine command={createTopicLine(info?.bootstrapServers ?? [], body)} />
        {create.error && (
          <p role="alert" className="text-sm text-loss">
            {create.error.message}
          </p>
        )}
      </form>
    </Dialog>
  )
}

type Fields = ReturnType<typeof useForm>['fields']

function NameAndPartitions({
  fields,
  nameProblem,
  partitionsProblem,
}: {
  fields: Fields
  nameProblem: string | undefined
  partitionsProblem: string | undefined
}): ReactNode {
  return (
    <div className="grid grid-cols-[minmax(0,1fr)_7rem] gap-3">
      <Field label="Name" error={nameProblem}>
        {(ids) => (
          <Input
            {...ids}
            data-autofocus
            className="font-mono"
            placeholder="orders"
            value={fields.name}
            onChange={(event) => fields.setName(event.target.value)}
          />
        )}
      </Field>
      <Field label="Partitions" error={partitionsProblem}>
        {(ids) => (
          <Input
            {...ids}
            inputMode="numeric"
            value={fields.partitions}
            onChange={(event) => fields.setPartitions(event.target.value)}
          />
        )}
      </Field>
    </div>
  )
}

/** What becomes of records once they are old: the choices behind `cleanup.policy` and `retention.ms`. */
function OldRecords({ fields }: { fields: Fields }): ReactNode {
  return (
    <>
      <Choice
        label="Old records"
        value={fields.policy}
        options={[
          { value: 'delete', label: 'Delete' },
          { value: 'compact', label: 'Keep the latest of each key' },
          { value: 'compact,delete', label: 'Both' },
        ]}
        onChange={fields.setPolicy}
      />
      {fields.policy !== 'compact' && (
        <Choice
          label="Kept for"
          value={fields.retention}
          options={retentions}
          onChange={fields.setRetention}
        />
      )}
    </>
  )
}

/** A segmented control with its label in sight. */
function Choice<Value extends string>(
  choice: Omit<ComponentProps<typeof Segmented<Value>>, 'className'>,
): ReactNode {
  return (
    <div className="flex flex-col gap-1">
      <span className="text-xs font-medium text-muted">{choice.label}</span>
      <Segmented {...choice} className="self-start max-md:self-stretch" />
    </div>
  )
}

function MoreConfigs({ fields, problem }: { fields: Fields; problem: string | undefined }): ReactNode {
  return (
    <details>
      <summary className="text-xs text-muted hover:text-text">More configs</summary>
      <Field label="One name=value a line" className="mt-2" error={problem}>
        {(ids) => (
          <Textarea
            {...ids}
            rows={3}
            placeholder="max.message.bytes=2097152"
            value={fields.more}
            onChange={(event) => fields.setMore(event.target.value)}
          />
        )}
      </Field>
    </details>
  )
}
