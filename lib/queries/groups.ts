import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { call } from '../contract/call.ts'
import type { DeleteOffsetsBody, ResetOffsetsBody } from '../contract/groups.ts'
import { keys } from './keys.ts'
import { whileMissing } from './while-alive.ts'

export function useGroups(cluster: string) {
  return useQuery({
    queryKey: keys.groups(cluster),
    queryFn: ({ signal }) => call('GET /api/clusters/{cluster}/groups', { params: { cluster } }, { signal }),
  })
}

export function useGroup(cluster: string, group: string) {
  return useQuery({
    queryKey: keys.groupDetail(cluster, group),
    queryFn: ({ signal }) =>
      call('GET /api/clusters/{cluster}/groups/{group}', { params: { cluster, group } }, { signal }),
    refetchInterval: whileMissing(1000),
  })
}

export function useRebalances(cluster: string, group: string) {
  return useQuery({
    queryKey: keys.rebalances(cluster, group),
    queryFn: ({ signal }) =>
      call(
        'GET /api/clusters/{cluster}/groups/{group}/rebalances',
        { params: { cluster, group } },
        { signal },
      ),
  })
}

/** A dry run or the real thing, as `body.dryRun` says. */
export function useResetOffsets(cluster: string, group: string) {
  const client = useQueryClient()
  return useMutation({
    mutationFn: (body: ResetOffsetsBody) =>
      call('POST /api/clusters/{cluster}/groups/{group}/reset-offsets', { params: { cluster, group }, body }),
    onSuccess: (result) => {
      if (result.applied) void client.invalidateQueries({ queryKey: keys.groupDetail(cluster, group) })
    },
  })
}

export function useDeleteOffsets(cluster: string, group: string) {
  const client = useQueryClient()
  return useMutation({
    mutationFn: (body: DeleteOffsetsBody) =>
      call('POST /api/clusters/{cluster}/groups/{group}/delete-offsets', {
        params: { cluster, group },
        body,
      }),
    onSuccess: () => client.invalidateQueries({ queryKey: keys.groupDetail(cluster, group) }),
  })
}

export function useDeleteGroup(cluster: string) {
  const client = useQueryClient()
  return useMutation({
    mutationFn: (group: string) =>
      call('DELETE /api/clusters/{cluster}/groups/{group}', { params: { cluster, group } }),
    onSuccess: () => client.invalidateQueries({ queryKey: keys.groups(cluster) }),
  })
}
