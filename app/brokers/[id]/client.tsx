'use client'

import { parseAsStringLiteral, useQueryState } from 'nuqs'
import type { ReactNode } from 'react'
import { ApisTab } from '../../../components/brokers/apis-tab.tsx'
import { DiskTab } from '../../../components/brokers/disk-tab.tsx'
import { RequestsTab } from '../../../components/brokers/requests-tab.tsx'
import { BrokerConfigTab } from '../../../components/configs/config-tab.tsx'
import { formatBytes } from '../../../components/format/bytes.ts'
import { formatCount, formatRate, plural } from '../../../components/format/count.ts'
import { formatDuration } from '../../../components/format/time.ts'
import { useCluster } from '../../../components/shell/use-cluster.ts'
import { Badge, Fidelity, StateDot } from '../../../components/ui/badge.tsx'
import { ClusterLink } from '../../../components/ui/cluster-link.tsx'
import { Stat, StatRow } from '../../../components/ui/figure.tsx'
import { Missing } from '../../../components/ui/missing.tsx'
import { PageBody, PageHead } from '../../../components/ui/panel.tsx'
import { TabPanel, Tabs } from '../../../components/ui/tabs.tsx'
import type { Broker } from '../../../lib/contract/brokers.ts'
import { useBroker } from '../../../lib/queries/brokers.ts'

const tabs = ['requests', 'disk', 'config', 'apis'] as const

function Stats({ broker }: { broker: Broker }): ReactNode {
  return (
    <StatRow>
      <Stat label="Leaders" value={formatCount(broker.leaders)} note={plural(broker.replicas, 'replica')} />
      <Stat
        label="Requests"
        value={formatRate(broker.requestsPerSecond)}
        unit="/s"
        note={broker.connections === null ? '' : plural(broker.connections, 'connection')}
      />
      {broker.bytesInPerSecond !== null && (
        <Stat label="In" value={formatBytes(broker.bytesInPerSecond)} unit="/s" />
      )}
      {broker.bytesOutPerSecond !== null && (
        <Stat label="Out" value={formatBytes(broker.bytesOutPerSecond)} unit="/s" />
      )}
      {broker.sizeBytes !== null && <Stat label="On disk" value={formatBytes(broker.sizeBytes)} />}
      {broker.process && (
        <Stat
          label="Up for"
          value={formatDuration(broker.process.uptimeMs)}
          note={
            broker.process.heapUsedBytes === null
              ? ''
              : `${formatBytes(broker.process.heapUsedBytes)} of heap in use`
          }
        />
      )}
    </StatRow>
  )
}

function BrokerView({
  cluster,
  broker,
  exact,
}: {
  cluster: string
  broker: Broker
  exact: boolean
}): ReactNode {
  const [tab, setTab] = useQueryState(
    'tab',
    parseAsStringLiteral(tabs).withDefault('requests').withOptions({ history: 'push' }),
  )
  return (
    <PageBody>
      <PageHead
        above={
          <ClusterLink href="/brokers" className="hover:text-text hover:underline">
            Brokers
          </ClusterLink>
        }
        title={`Broker ${broker.brokerId}`}
        meta={
          <>
            <StateDot tone={broker.online ? 'flow' : 'loss'}>{broker.online ? 'online' : 'offline'}</StateDot>
            <code className="text-xs">
              {broker.host}:{broker.port}
            </code>
            {broker.controller && <Badge tone="flow">controller</Badge>}
            {broker.rack !== null && <Badge>{broker.rack}</Badge>}
            <Fidelity exact={exact} />
          </>
        }
      />
      <Stats broker={broker} />
      <Tabs
        label={`Views of broker ${broker.brokerId}`}
        value={tab}
        items={[
          { value: 'requests', label: 'Requests' },
          { value: 'disk', label: 'Disk' },
          { value: 'config', label: 'Config' },
          { value: 'apis', label: 'APIs' },
        ]}
        onChange={(value) => void setTab(value)}
      />
      <TabPanel value={tab}>
        {tab === 'requests' && <RequestsTab broker={broker} />}
        {tab === 'disk' && <DiskTab broker={broker} />}
        {tab === 'config' && <BrokerConfigTab cluster={cluster} broker={broker.brokerId} />}
        {tab === 'apis' && <ApisTab broker={broker} />}
      </TabPanel>
    </PageBody>
  )
}

export function BrokerClient({ brokerId }: { brokerId: number }): ReactNode {
  const { id } = useCluster()
  const { data, error, refetch } = useBroker(id, brokerId)
  if (data) return <BrokerView cluster={id} broker={data.broker} exact={data.precision === 'exact'} />
  return (
    <PageBody>
      <Missing
        kind="broker"
        name={String(brokerId)}
        called={`Broker ${brokerId}`}
        why="It may have been stopped, or is of another cluster."
        error={error}
        onRetry={() => void refetch()}
      />
    </PageBody>
  )
}
