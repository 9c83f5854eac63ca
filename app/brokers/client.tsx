'use client'

import type { ReactNode } from 'react'
import { BrokersTable } from '../../components/brokers/brokers-table.tsx'
import { plural } from '../../components/format/count.ts'
import { useCluster } from '../../components/shell/use-cluster.ts'
import { Fidelity } from '../../components/ui/badge.tsx'
import { PageBody, PageHead, Panel } from '../../components/ui/panel.tsx'
import { Empty, Pending } from '../../components/ui/states.tsx'
import { useLive } from '../../lib/live/provider.tsx'
import { useBrokers } from '../../lib/queries/brokers.ts'

export function BrokersClient(): ReactNode {
  const { id, cluster } = useCluster()
  useLive({ channel: 'brokers', cluster: id })
  const { data, error, refetch } = useBrokers(id)
  return (
    <PageBody>
      <PageHead
        title="Brokers"
        meta={
          data ? (
            <>
              <span>{plural(data.brokers.length, 'broker')}</span>
              <Fidelity exact={data.precision === 'exact'} />
              {cluster?.kafkaClusterId && (
                <span>
                  cluster id <code className="text-xs">{cluster.kafkaClusterId}</code>
                </span>
              )}
            </>
          ) : (
            <span>&nbsp;</span>
          )
        }
      />
      <Panel flush>
        {data ? (
          data.brokers.length === 0 ? (
            <Empty title="No broker answers" />
          ) : (
            <BrokersTable brokers={data.brokers} />
          )
        ) : (
          <Pending what="brokers" error={error} onRetry={() => void refetch()} lines={4} />
        )}
      </Panel>
    </PageBody>
  )
}
