import { useQuery } from '@tanstack/react-query'
import { call } from '../contract/call.ts'
import { keys } from './keys.ts'

/** Every cluster that the dashboard is open on, the default one first; the live channel `clusters` keeps it fresh. */
export function useClusters() {
  return useQuery({
    queryKey: keys.clusters(),
    queryFn: ({ signal }) => call('GET /api/clusters', {}, { signal }),
  })
}

export function useOverview(cluster: string) {
  return useQuery({
    queryKey: keys.overview(cluster),
    queryFn: ({ signal }) =>
      call('GET /api/clusters/{cluster}/overview', { params: { cluster } }, { signal }),
  })
}

/** Code that connects a client, with this cluster's address filled in. */
export function useSnippets(cluster: string, topic?: string) {
  return useQuery({
    queryKey: keys.snippets(cluster, topic),
    queryFn: ({ signal }) =>
      call(
        'GET /api/clusters/{cluster}/snippets',
        { params: { cluster }, query: topic === undefined ? {} : { topic } },
        { signal },
      ),
    staleTime: Number.POSITIVE_INFINITY,
  })
}

export function useOpenApi() {
  return useQuery({
    queryKey: keys.openapi(),
    queryFn: ({ signal }) => call('GET /api/openapi.json', {}, { signal }),
    staleTime: Number.POSITIVE_INFINITY,
  })
}
