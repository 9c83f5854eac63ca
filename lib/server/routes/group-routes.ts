import type { groupEndpoints } from '../../contract/groups.ts'
import type { ClusterHandle } from '../clusters.ts'
import { deleteGroup, deleteOffsets } from '../groups/delete-group.ts'
import { resetOffsets } from '../groups/reset-offsets.ts'
import type { Handlers } from '../http/router.ts'
import { KafkaError } from '../kafka/kafka-error.ts'
import type { GroupLiveState } from '../live/group-state.ts'
import { groupHistoryView, groupRow, groupView } from '../live/group-views.ts'
import { computeGroup } from '../live/tick.ts'

export const groupRoutes: Handlers<keyof typeof groupEndpoints> = {
  'GET /api/clusters/{cluster}/groups': ({ clusters, now }, { params }) => {
    const { state } = clusters.get(params.cluster)
    const groups = [...state.groups.values()].sort((a, b) => (a.groupId < b.groupId ? -1 : 1))
    for (const group of groups) computeGroup(state, group, now())
    return { precision: state.precision, groups: groups.map((group) => groupRow(state, group)) }
  },
  'GET /api/clusters/{cluster}/groups/{group}': async ({ clusters, now }, { params }) => {
    const cluster = clusters.get(params.cluster)
    const group = await groupOf(cluster, params.group)
    computeGroup(cluster.state, group, now())
    return { group: groupView(cluster.state, group), history: groupHistoryView(group) }
  },
  'DELETE /api/clusters/{cluster}/groups/{group}': async ({ clusters }, { params }) => {
    const cluster = clusters.get(params.cluster)
    await deleteGroup(cluster.client, params.group)
    await cluster.poller.refreshGroups()
    return { ok: true }
  },
  'GET /api/clusters/{cluster}/groups/{group}/rebalances': async ({ clusters }, { params }) => {
    const cluster = clusters.get(params.cluster)
    const group = await groupOf(cluster, params.group)
    return { precision: cluster.state.precision, steps: group.steps.all() }
  },
  'POST /api/clusters/{cluster}/groups/{group}/reset-offsets': async ({ clusters }, { params, body }) => {
    const cluster = clusters.get(params.cluster)
    const result = await resetOffsets(cluster.client, params.group, body)
    if (result.applied) await cluster.poller.refreshGroups()
    return result
  },
  'POST /api/clusters/{cluster}/groups/{group}/delete-offsets': async ({ clusters }, { params, body }) => {
    const cluster = clusters.get(params.cluster)
    const partitions = await deleteOffsets(cluster.client, params.group, body.topics)
    await cluster.poller.refreshGroups()
    return { partitions }
  },
}

/** The live state of a group; looks once more when it is not known yet. */
async function groupOf(cluster: ClusterHandle, groupId: string): Promise<GroupLiveState> {
  if (!cluster.state.groups.has(groupId)) await cluster.poller.refreshGroups()
  const group = cluster.state.groups.get(groupId)
  if (group === undefined) throw new KafkaError('GROUP_ID_NOT_FOUND', `There is no group ${groupId}.`)
  return group
}
