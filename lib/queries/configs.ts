import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { call } from '../contract/call.ts'
import { keys } from './keys.ts'

/** A string sets a config, null resets it. */
export type ConfigChanges = Record<string, string | null>

export function useTopicConfigs(cluster: string, topic: string) {
  return useQuery({
    queryKey: keys.topicConfigs(cluster, topic),
    queryFn: ({ signal }) =>
      call('GET /api/clusters/{cluster}/topics/{topic}/configs', { params: { cluster, topic } }, { signal }),
  })
}

export function useAlterTopicConfigs(cluster: string, topic: string) {
  const client = useQueryClient()
  return useMutation({
    mutationFn: (changes: ConfigChanges) =>
      call('PATCH /api/clusters/{cluster}/topics/{topic}/configs', {
        params: { cluster, topic },
        body: { changes },
      }),
    onSuccess: (configs) => client.setQueryData(keys.topicConfigs(cluster, topic), configs),
  })
}

export function useBrokerConfigs(cluster: string, broker: number) {
  return useQuery({
    queryKey: keys.brokerConfigs(cluster, broker),
    queryFn: ({ signal }) =>
      call(
        'GET /api/clusters/{cluster}/brokers/{broker}/configs',
        { params: { cluster, broker } },
        { signal },
      ),
  })
}

export function useAlterBrokerConfigs(cluster: string, broker: number) {
  const client = useQueryClient()
  return useMutation({
    mutationFn: (changes: ConfigChanges) =>
      call('PATCH /api/clusters/{cluster}/brokers/{broker}/configs', {
        params: { cluster, broker },
        body: { changes },
      }),
    onSuccess: (configs) => client.setQueryData(keys.brokerConfigs(cluster, broker), configs),
  })
}
