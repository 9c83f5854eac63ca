'use client'

import { Pause, Play } from 'lucide-react'
import { type ReactNode, useState } from 'react'
import type { ClientRow, RequestSample } from '../../lib/contract/clients.ts'
import { useClient } from '../../lib/queries/clients.ts'
import { formatBytes } from '../format/bytes.ts'
import { formatCount, formatRate } from '../format/count.ts'
import { formatClock, formatTimestamp } from '../format/time.ts'
import { Badge } from '../ui/badge.tsx'
import { Button } from '../ui/button.tsx'
import { ClusterLink, groupPath } from '../ui/cluster-link.tsx'
import { Dialog } from '../ui/dialog.tsx'
import { Empty, Failure, Loading } from '../ui/states.tsx'
import { impliedText, softwareOf } from './client-rows.ts'
import { FieldsTree } from './fields-tree.tsx'

function Fact({ name, children }: { name: string; children: ReactNode }): ReactNode {
  return (
    <div className="min-w-0">
      <dt className="eyebrow">{name}</dt>
      <dd className="wrap-anywhere tabular-nums">{children}</dd>
    </div>
  )
}

function Facts({ client }: { client: ClientRow }): ReactNode {
  return (
    <dl className="grid grid-cols-2 gap-x-4 gap-y-2 sm:grid-cols-4">
      <Fact name="Software">
        {softwareOf(client)}
        {client.softwareImplied && <span className="block text-xs text-faint">{impliedText}</span>}
      </Fact>
      <Fact name="Address">
        <code className="text-xs">{client.address}</code>
      </Fact>
      <Fact name="Principal">{client.principal ?? '–'}</Fact>
      <Fact name="Connected">
        <span className="font-mono text-xs">{formatTimestamp(client.connectedAt)}</span>
      </Fact>
      <Fact name="Requests">
        {formatCount(client.requests)}, {formatRate(client.requestsPerSecond)}/s
      </Fact>
      <Fact name="Sent">{formatBytes(client.bytesIn)}</Fact>
      <Fact name="Received">{formatBytes(client.bytesOut)}</Fact>
      <Fact name="Groups">
        {client.groups.length === 0
          ? '–'
          : client.groups.map((group) => (
              <ClusterLink key={group} href={groupPath(group)} className="mr-2 hover:underline">
                {group}
              </ClusterLink>
            ))}
      </Fact>
    </dl>
  )
}

function Apis({ client }: { client: ClientRow }): ReactNode {
  if (client.apis.length === 0) return null
  return (
    <section aria-label="APIs used" className="flex flex-col gap-1.5">
      <h3 className="eyebrow">APIs it uses</h3>
      <ul className="flex flex-wrap gap-1.5">
        {client.apis.map((api) => (
          <li key={`${api.apiKey} ${api.version}`}>
            <Badge title={`${formatCount(api.requests)} requests`}>
              {api.api} <span className="text-faint">v{api.version}</span>
            </Badge>
          </li>
        ))}
      </ul>
    </section>
  )
}

function Request({ sample, onOpen }: { sample: RequestSample; onOpen: () => void }): ReactNode {
  const [open, setOpen] = useState(false)
  return (
    <details
      className="border-t border-line first:border-t-0"
      onToggle={(event) => {
        setOpen(event.currentTarget.open)
        if (event.currentTarget.open) onOpen()
      }}
    >
      <summary className="flex flex-wrap items-center gap-x-3 px-3 py-1.5 text-sm hover:bg-hover">
        <span className="text-xs text-faint tabular-nums">{formatClock(sample.at, true)}</span>
        <span className="font-medium">
          {sample.api} <span className="font-normal text-faint">v{sample.version}</span>
        </span>
        {sample.error !== null && <Badge tone="loss">{sample.error}</Badge>}
        <span className="ml-auto text-xs text-muted tabular-nums">
          {formatBytes(sample.sizeBytes)} → {formatBytes(sample.responseBytes)}
          {sample.latencyMs !== null && `, ${sample.latencyMs.toFixed(sample.latencyMs < 10 ? 2 : 0)} ms`}
        </span>
      </summary>
      {open && (
        <div className="grid gap-4 bg-sunken px-3 py-3 font-mono text-xs leading-5 md:grid-cols-2">
          <div className="min-w-0">
            <h4 className="eyebrow mb-1 font-sans">Request, correlation id {sample.correlationId}</h4>
            <FieldsTree value={sample.request} />
          </div>
          <div className="min-w-0">
            <h4 className="eyebrow mb-1 font-sans">Response</h4>
            {sample.response === null || sample.response === undefined ? (
              <span className="text-faint">none kept</span>
            ) : (
              <FieldsTree value={sample.response} />
            )}
          </div>
        </div>
      )}
    </details>
  )
}

/** One connection and its last requests, decoded field by field. Held still when asked. */
export function ClientDialog({
  cluster,
  clientKey,
  onClose,
}: {
  cluster: string
  clientKey: string
  onClose: () => void
}): ReactNode {
  const [watch, setWatch] = useState(true)
  const { data, error } = useClient(cluster, clientKey, watch)
  return (
    <Dialog title={data?.client.clientId ?? 'Client'} width="xl" onClose={onClose}>
      {error && !data && <Failure title="The connection is not there any more" error={error} />}
      {!data && !error && <Loading lines={8} className="!p-0" />}
      {data && (
        <>
          {error && (
            <p className="text-sm text-warm">The connection is closed; this is what was seen last.</p>
          )}
          <Facts client={data.client} />
          <Apis client={data.client} />
          <section aria-label="Last requests" className="flex flex-col gap-1.5">
            <div className="flex items-center justify-between">
              <h3 className="eyebrow">Last requests, newest first</h3>
              <Button size="sm" onClick={() => setWatch(!watch)}>
                {watch ? <Pause aria-hidden className="size-3" /> : <Play aria-hidden className="size-3" />}
                {watch ? 'Hold' : 'Go on'}
              </Button>
            </div>
            {data.requests.length === 0 ? (
              <Empty title="No request was kept" className="!py-6" />
            ) : (
              <div className="rounded-md border border-line">
                {data.requests.map((sample) => (
                  <Request
                    key={`${sample.correlationId} ${sample.at}`}
                    sample={sample}
                    onOpen={() => setWatch(false)}
                  />
                ))}
              </div>
            )}
          </section>
        </>
      )}
    </Dialog>
  )
}
