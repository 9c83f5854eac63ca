'use client'

import { PlaneTakeoff, Plus } from 'lucide-react'
import dynamic from 'next/dynamic'
import { type ReactNode, useState } from 'react'
import type { Cluster } from '../../lib/contract/clusters.ts'
import { useStartSample } from '../../lib/queries/sample.ts'
import { Button } from '../ui/button.tsx'
import { CopyButton } from '../ui/copy-button.tsx'
import { notifyFailed } from '../ui/notify.ts'
import { ConnectSnippets } from './connect-snippets.tsx'

const CreateTopicDialog = dynamic(
  () => import('../topics/create-topic-dialog.tsx').then((module) => module.CreateTopicDialog),
  { ssr: false },
)

function Way({ title, children }: { title: string; children: ReactNode }): ReactNode {
  return (
    <section aria-label={title} className="flex min-w-0 flex-col gap-3 p-5 max-md:p-4">
      <h2 className="text-base font-semibold">{title}</h2>
      {children}
    </section>
  )
}

function Waiting(): ReactNode {
  return (
    <p className="flex items-center gap-2 text-sm text-muted">
      <span
        aria-hidden
        className="size-1.5 animate-[breathe_1.8s_ease-in-out_infinite] rounded-full bg-warm-mark"
      />
      Waiting for the first client. This page turns live the moment one connects.
    </p>
  )
}

/** The empty sandbox: three ways to begin. */
export function Begin({ cluster }: { cluster: Cluster }): ReactNode {
  const [creating, setCreating] = useState(false)
  const start = useStartSample(cluster.id)
  const address = cluster.bootstrapServers.join(',')
  return (
    <div className="flex flex-col gap-5">
      <header className="flex flex-col gap-1">
        <h1 className="text-xl font-semibold tracking-tight">The broker is listening</h1>
        <p className="flex items-center gap-1 text-sm text-muted">
          Bootstrap server
          <code className="ml-1 font-medium text-text">{address}</code>
          <CopyButton text={address} label="Copy address" />
        </p>
        <Waiting />
      </header>
      <div className="grid grid-cols-[minmax(0,1fr)] gap-px overflow-hidden rounded-lg border border-line bg-line [&>*]:bg-panel lg:grid-cols-[minmax(0,5fr)_minmax(0,3fr)]">
        <Way title="Connect your client">
          <ConnectSnippets cluster={cluster.id} />
        </Way>
        <div className="flex flex-col divide-y divide-line">
          <Way title="Create a topic">
            <p className="text-sm text-muted">
              Choose its name, its partitions and how long records stay. Clients may also create topics by
              using them.
            </p>
            <Button className="self-start" onClick={() => setCreating(true)}>
              <Plus aria-hidden className="size-4" />
              Create topic
            </Button>
          </Way>
          {cluster.capabilities.sample && (
            <Way title="Load a sample stream">
              <p className="text-sm text-muted">
                Twenty thousand real flights, keyed by origin airport, replayed by a real producer. Two
                consumer groups read them: one keeps up, one falls behind and catches up.
              </p>
              <Button
                tone="primary"
                className="self-start"
                busy={start.isPending}
                onClick={() =>
                  start.mutate(
                    {},
                    { onError: (error) => notifyFailed('The sample stream did not start', error) },
                  )
                }
              >
                <PlaneTakeoff aria-hidden className="size-4" />
                Start the flights
              </Button>
            </Way>
          )}
        </div>
      </div>
      {creating && <CreateTopicDialog cluster={cluster.id} onClose={() => setCreating(false)} />}
    </div>
  )
}
