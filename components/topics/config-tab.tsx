'use client'

import type { ReactNode } from 'react'
import { useAlterTopicConfigs, useTopicConfigs } from '../../lib/queries/configs.ts'
import { ConfigEditor } from '../configs/config-editor.tsx'
import { alterConfigsLine } from '../format/command-line.ts'
import { useCluster } from '../shell/use-cluster.ts'
import { notifyDone } from '../ui/notify.ts'
import { Failure, Loading } from '../ui/states.tsx'

/** The topic's configs. */
export function ConfigTab({ cluster, topic }: { cluster: string; topic: string }): ReactNode {
  const { cluster: info } = useCluster()
  const { data, error, refetch } = useTopicConfigs(cluster, topic)
  const alter = useAlterTopicConfigs(cluster, topic)
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
          alterConfigsLine(info?.bootstrapServers ?? [], { type: 'topics', name: topic }, changes),
        busy: alter.isPending,
        error: alter.error?.message,
        clearError: alter.reset,
        apply: (changes, { onSuccess }) =>
          alter.mutate(changes, {
            onSuccess: () => {
              const [name, value] = Object.entries(changes)[0] ?? []
              void notifyDone(value === null ? `${name} has its default again` : `${name} set to ${value}`)
              onSuccess()
            },
          }),
      }}
    />
  )
}
