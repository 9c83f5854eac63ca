'use client'

import type { ReactNode } from 'react'
import { useAlterBrokerConfigs, useBrokerConfigs } from '../../lib/queries/configs.ts'
import { ConfigEditor } from '../configs/config-editor.tsx'
import { alterConfigsLine } from '../format/command-line.ts'
import { useCluster } from '../shell/use-cluster.ts'
import { notifyDone } from '../ui/notify.ts'
import { Failure, Loading } from '../ui/states.tsx'

/** The broker's configs; only dynamic ones can be edited. */
export function BrokerConfigTab({ cluster, broker }: { cluster: string; broker: number }): ReactNode {
  const { cluster: info } = useCluster()
  const { data, error, refetch } = useBrokerConfigs(cluster, broker)
  const alter = useAlterBrokerConfigs(cluster, broker)
  if (!data)
    return error ? (
      <Failure title="The configs could not be read" error={error} onRetry={() => void refetch()} />
    ) : (
      <Loading label="Loading configs" />
    )
  return (
    <ConfigEditor
      configs={data.configs}
      change={{
        commandLine: (changes) =>
          alterConfigsLine(info?.bootstrapServers ?? [], { type: 'brokers', name: String(broker) }, changes),
        busy: alter.isPending,
        error: alter.error?.message,
        clearError: alter.reset,
        apply: (changes, { onSuccess }) =>
          alter.mutate(changes, {
            onSuccess: () => {
              void notifyDone(`${Object.keys(changes)[0]} changed on broker ${broker}`)
              onSuccess()
            },
          }),
      }}
    />
  )
}
