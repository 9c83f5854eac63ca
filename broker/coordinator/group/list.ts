import type { Encodable } from '../../protocol/fields.ts'
import type { listGroupsResponse } from '../../protocol/schemas/16-list-groups.ts'
import { consumerProtocolType } from './consumer-protocol.ts'
import type { GroupShard } from './group-shard.ts'

/** Empty lists let everything through; letter case does not matter (KIP-518, KIP-848). */
export type GroupFilter = { readonly states: readonly string[]; readonly types: readonly string[] }

export type ListedGroup = Encodable<typeof listGroupsResponse>['groups'][number]

export function listGroups(shard: GroupShard, filter: GroupFilter): ListedGroup[] {
  const states = new Set(filter.states.map((state) => state.toLowerCase()))
  const types = new Set(filter.types.map((type) => type.toLowerCase()))
  return [...shard.groups.values()].flatMap((group) => {
    if (states.size > 0 && !states.has(group.state.toLowerCase())) return []
    if (types.size > 0 && !types.has(group.type)) return []
    const protocolType = group.type === 'consumer' ? consumerProtocolType : (group.protocolType ?? '')
    return [{ groupId: group.groupId, protocolType, groupState: group.state, groupType: group.type }]
  })
}
