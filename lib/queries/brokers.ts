import { useQuery } from '@tanstack/react-query'
import { call } from '../contract/call.ts'
import { keys } from './keys.ts'
import { whileAlive } from './while-alive.ts'

export function useBrokers(cluster: string) {
  return useQuery({
    queryKey: keys.brokers(cluster),
    queryFn: ({ signal }) => call('GET /api/clusters/{cluster}/brokers', { params: { cluster } }, { signal }),
  })
}

export function useBroker(cluster: string, broker: number) {
  return useQuery({
    queryKey: keys.broker(cluster, broker),
    queryFn: ({ signal }) =>
      call('GET /api/clusters/{cluster}/brokers/{broker}', { params: { cluster, broker } }, { signal }),
    refetchInterval: whileAlive(2000),
  })
}
