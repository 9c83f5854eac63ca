'use client'

import { Cable } from 'lucide-react'
import dynamic from 'next/dynamic'
import { type ReactNode, useMemo, useState } from 'react'
import { TimeSeries } from '../components/charts/time-series.tsx'
import { formatBytes } from '../components/format/bytes.ts'
import { formatCount, formatRate, plural } from '../components/format/count.ts'
import { ActivityPanel } from '../components/overview/activity-panel.tsx'
import { BusiestPanel } from '../components/overview/busiest-panel.tsx'
import { LaggingPanel } from '../components/overview/lagging-panel.tsx'
import { OverviewStats } from '../components/overview/overview-stats.tsx'
import { useCluster } from '../components/shell/use-cluster.ts'
import { Fidelity } from '../components/ui/badge.tsx'
import { Button } from '../components/ui/button.tsx'
import { CopyButton } from '../components/ui/copy-button.tsx'
import { LiveRegion } from '../components/ui/live-region.tsx'
import { PageBody, PageHead, Panel } from '../components/ui/panel.tsx'
import { Failure, Loading } from '../components/ui/states.tsx'
import type { Cluster, OverviewHistory } from '../lib/contract/clusters.ts'
import { useLive } from '../lib/live/provider.tsx'
import { useOverview } from '../lib/queries/clusters.ts'

const Begin = dynamic(() => import('../components/overview/begin.tsx').then((module) => module.Begin))
const SamplePanel = dynamic(() =>
  import('../components/overview/sample-panel.tsx').then((module) => module.SamplePanel),
)
const ConnectDialog = dynamic(
  () => import('../components/overview/connect-dialog.tsx').then((module) => module.ConnectDialog),
  { ssr: false },
)

function Throughput({ history }: { history: OverviewHistory }): ReactNode {
  const bytes = history.bytesInPerSecond.some((point) => point[1] !== null)
  const series = useMemo(
    () =>
      bytes
        ? [
            { label: 'In', colour: 'var(--flow-bright)', points: history.bytesInPerSecond, fill: true },
            ...(history.bytesOutPerSecond.some((point) => point[1] !== null)
              ? [{ label: 'Out', colour: 'var(--p3)', points: history.bytesOutPerSecond }]
              : []),
          ]
        : [{ label: 'In', colour: 'var(--flow-bright)', points: history.recordsInPerSecond, fill: true }],
    [bytes, history],
  )
  return (
    <Panel title="Throughput" aside="Last 30 minutes" flush>
      <TimeSeries
        label={bytes ? 'Throughput in bytes a second' : 'Throughput in records a second'}
        series={series}
        binary={bytes}
        format={bytes ? (value) => `${formatBytes(value)}/s` : (value) => `${formatRate(value)}/s`}
      />
    </Panel>
  )
}

function Address({ cluster }: { cluster: Cluster }): ReactNode {
  const address = cluster.bootstrapServers.join(',')
  return (
    <span className="inline-flex items-center">
      <code className="text-xs">{address}</code>
      <CopyButton text={address} label="Copy address" />
    </span>
  )
}

export function OverviewClient(): ReactNode {
  const { id, cluster } = useCluster()
  const [connecting, setConnecting] = useState(false)
  useLive({ channel: 'overview', cluster: id })
  const { data, error, refetch } = useOverview(id)
  if (!data)
    return (
      <PageBody>
        {error ? (
          <Failure page title="The cluster could not be read" error={error} onRetry={() => void refetch()} />
        ) : (
          <Loading page lines={12} />
        )}
      </PageBody>
    )
  const { overview, history } = data
  if (overview.empty && cluster)
    return (
      <PageBody>
        <Begin cluster={cluster} />
      </PageBody>
    )
  return (
    <PageBody>
      <PageHead
        title={cluster?.name ?? 'Overview'}
        meta={
          <>
            {cluster && <Address cluster={cluster} />}
            <Fidelity exact={overview.rates.precision === 'exact'} />
            {cluster?.ephemeral && <span>Ephemeral: gone when it stops</span>}
          </>
        }
        actions={
          <Button onClick={() => setConnecting(true)}>
            <Cable aria-hidden className="size-4" />
            Connect a client
          </Button>
        }
      />
      {overview.offlinePartitions > 0 && (
        <p role="alert" className="rounded-lg bg-loss-wash px-4 py-2.5 text-sm font-medium text-loss">
          {plural(overview.offlinePartitions, 'partition')} offline: the topic pages say why.
        </p>
      )}
      <OverviewStats overview={overview} history={history} />
      <div className="grid items-start gap-5 lg:grid-cols-[minmax(0,2fr)_minmax(0,1fr)]">
        <div className="flex min-w-0 flex-col gap-5">
          <Throughput history={history} />
          <LaggingPanel lagging={overview.lagging} groups={overview.groups} />
          <BusiestPanel cluster={id} total={overview.topics} />
        </div>
        <div className="flex min-w-0 flex-col gap-5">
          <ActivityPanel activity={overview.activity} />
          {cluster?.capabilities.sample && <SamplePanel cluster={id} />}
        </div>
      </div>
      <LiveRegion
        text={`${formatRate(overview.rates.recordsInPerSecond)} records a second in; lag of all groups ${formatCount(
          history.lag.at(-1)?.[1] ?? null,
        )}`}
      />
      {connecting && <ConnectDialog cluster={id} onClose={() => setConnecting(false)} />}
    </PageBody>
  )
}
