import { useQuery } from '@tanstack/react-query'
import { call } from '../contract/call.ts'
import { keys } from './keys.ts'

export function useClients(cluster: string) {
  return useQuery({
    queryKey: keys.clients(cluster),
    queryFn: ({ signal }) => call('GET /api/clusters/{cluster}/clients', { params: { cluster } }, { signal }),
  })
}

/** One connection with its last requests; `watch` keeps asking for newer ones. */
export function useClient(cluster: string, client: string, watch: boolean) {
  return useQuery({
    queryKey: keys.client(cluster, client),
    queryFn: ({ signal }) =>
      call('GET /api/clusters/{cluster}/clients/{client}', { params: { cluster, client } }, { signal }),
    refetchInterval: watch ? 1000 : false,
    retry: false,
  })
}
