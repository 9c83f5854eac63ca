import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { call } from '../contract/call.ts'
import type { Input } from '../contract/endpoints.ts'
import { keys } from './keys.ts'

type StartSample = Input<'POST /api/clusters/{cluster}/sample'>['body']

export function useSample(cluster: string, enabled = true) {
  return useQuery({
    queryKey: keys.sample(cluster),
    queryFn: ({ signal }) => call('GET /api/clusters/{cluster}/sample', { params: { cluster } }, { signal }),
    enabled,
  })
}

/** Starts the sample stream, or changes its speed while it runs. */
export function useStartSample(cluster: string) {
  const client = useQueryClient()
  return useMutation({
    mutationFn: (body: StartSample) =>
      call('POST /api/clusters/{cluster}/sample', { params: { cluster }, body }),
    onSuccess: (status) => {
      client.setQueryData(keys.sample(cluster), status)
      void client.invalidateQueries({ queryKey: keys.everyTopics(cluster) })
      void client.invalidateQueries({ queryKey: keys.overview(cluster) })
    },
  })
}

export function useStopSample(cluster: string) {
  const client = useQueryClient()
  return useMutation({
    mutationFn: () => call('DELETE /api/clusters/{cluster}/sample', { params: { cluster } }),
    onSuccess: (status) => client.setQueryData(keys.sample(cluster), status),
  })
}
