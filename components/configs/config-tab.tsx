'use client'

import type { ReactNode } from 'react'
import type { ConfigEntry } from '../../lib/contract/configs.ts'
import {
  type ConfigChanges,
  useAlterBrokerConfigs,
  useAlterTopicConfigs,
  useBrokerConfigs,
  useTopicConfigs,
} from '../../lib/queries/configs.ts'
import { alterConfigsLine } from '../format/command-line.ts'
import { useCluster } from '../shell/use-cluster.ts'
import { notifyDone } from '../ui/notify.ts'
import { Pending } from '../ui/states.tsx'
import { ConfigEditor } from './config-editor.tsx'

/** The topic's configs. */
export function TopicConfigTab({ cluster, topic }: { cluster: string; topic: string }): ReactNode {
  return (
    <ConfigTab
      entity={{ type: 'topics', name: topic }}
      configs={useTopicConfigs(cluster, topic)}
      alter={useAlterTopicConfigs(cluster, topic)}
    />
  )
}

/** The broker's configs; only dynamic ones can be edited. */
export function BrokerConfigTab({ cluster, broker }: { cluster: string; broker: number }): ReactNode {
  return (
    <ConfigTab
      entity={{ type: 'brokers', name: String(broker) }}
      configs={useBrokerConfigs(cluster, broker)}
      alter={useAlterBrokerConfigs(cluster, broker)}
    />
  )
}

/** What was changed. A sensitive value is not repeated. */
function doneText(changes: ConfigChanges, configs: readonly ConfigEntry[]): string {
  const [name, value] = Object.entries(changes)[0] ?? []
  if (value === null) return `${name} has its default again`
  return configs.find((entry) => entry.name === name)?.sensitive
    ? `${name} is set`
    : `${name} set to ${value}`
}

function ConfigTab({
  entity,
  configs: { data, error, refetch },
  alter,
}: {
  entity: Parameters<typeof alterConfigsLine>[1]
  configs: ReturnType<typeof useTopicConfigs | typeof useBrokerConfigs>
  alter: ReturnType<typeof useAlterTopicConfigs | typeof useAlterBrokerConfigs>
}): ReactNode {
  const { cluster } = useCluster()
  if (!data) return <Pending what="configs" error={error} onRetry={() => void refetch()} />
  return (
    <ConfigEditor
      configs={data.configs}
      change={{
        commandLine: (changes) => alterConfigsLine(cluster?.bootstrapServers ?? [], entity, changes),
        busy: alter.isPending,
        error: alter.error?.message,
        clearError: alter.reset,
        apply: (changes, { onSuccess }) =>
          alter.mutate(changes, {
            onSuccess: () => {
              void notifyDone(doneText(changes, data.configs))
              onSuccess()
            },
          }),
      }}
    />
  )
}
