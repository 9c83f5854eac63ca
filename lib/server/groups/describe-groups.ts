import { consumerGroupDescribeV0, describeGroupsV5, listGroupsV4, listGroupsV5 } from '@platformatic/kafka'
import { type GroupMember, type GroupState, groupState } from '../../contract/groups.ts'
import type { KafkaClient } from '../kafka/kafka-client.ts'
import { errorName, withErrorCodes } from '../kafka/kafka-error.ts'
import { assignedPartitions, subscribedTopics } from './consumer-protocol.ts'

export type ListedGroup = {
  groupId: string
  protocolType: string
  state: GroupState
  type: string
  coordinator: number
}

export type DescribedGroup = {
  groupId: string
  coordinator: number
  state: GroupState
  type: string
  protocolType: string
  protocol: string
  epoch: number | null
  members: GroupMember[]
}

const listGroupsKey = 16
const consumerGroupDescribeKey = 69

/** All groups, from every broker, each listed by its coordinator (ListGroups 16). */
export async function listGroups(client: KafkaClient, nodeIds: Iterable<number>): Promise<ListedGroup[]> {
  const withTypes = await client.supports(listGroupsKey, 5)
  const answers = [...nodeIds].map(async (nodeId) => {
    const connection = await client.node(nodeId)
    const api = withTypes ? listGroupsV5.api : listGroupsV4.api
    const response = await withErrorCodes(api.async(connection, [], []))
    return response.groups.map((group) => ({
      groupId: group.groupId,
      protocolType: group.protocolType,
      state: stateOf(group.groupState),
      type: (group.groupType || 'classic').toLowerCase(),
      coordinator: nodeId,
    }))
  })
  return (await Promise.all(answers)).flat()
}

/** Members, assignment and state, by each group's own protocol. Groups that are gone are left out. */
export async function describeGroups(
  client: KafkaClient,
  groups: readonly { groupId: string; type: string }[],
): Promise<DescribedGroup[]> {
  const modern = (await client.supports(consumerGroupDescribeKey, 0))
    ? groups.filter(({ type }) => type === 'consumer')
    : []
  const classic = groups.filter(
    (group) => !modern.includes(group) && group.type !== 'share' && group.type !== 'streams',
  )
  const described = await Promise.all([
    byCoordinator(client, classic, (nodeId, ids) => describeClassic(client, nodeId, ids)),
    byCoordinator(client, modern, (nodeId, ids) => describeConsumer(client, nodeId, ids)),
  ])
  return described.flat()
}

async function byCoordinator(
  client: KafkaClient,
  groups: readonly { groupId: string }[],
  ask: (nodeId: number, groupIds: string[]) => Promise<DescribedGroup[]>,
): Promise<DescribedGroup[]> {
  if (groups.length === 0) return []
  const coordinators = await client.coordinators(groups.map(({ groupId }) => groupId))
  const byNode = Map.groupBy(coordinators, ([, nodeId]) => nodeId)
  const answers = [...byNode].map(([nodeId, entries]) =>
    ask(
      nodeId,
      entries.map(([groupId]) => groupId),
    ),
  )
  return (await Promise.all(answers)).flat()
}

async function describeClassic(
  client: KafkaClient,
  nodeId: number,
  groupIds: string[],
): Promise<DescribedGroup[]> {
  const connection = await client.node(nodeId)
  const { groups } = await withErrorCodes(describeGroupsV5.api.async(connection, groupIds, false))
  return groups
    .filter((group) => isThere(client, group))
    .map((group) => ({
      groupId: group.groupId,
      coordinator: nodeId,
      state: stateOf(group.groupState),
      type: 'classic',
      protocolType: group.protocolType,
      protocol: group.protocolData,
      epoch: null,
      members: group.members.map((member) => ({
        memberId: member.memberId,
        groupInstanceId: member.groupInstanceId || null,
        clientId: member.clientId,
        host: member.clientHost.replace(/^\//, ''),
        memberEpoch: null,
        subscribedTopics: subscribedTopics(member.memberMetadata),
        assignment: assignedPartitions(member.memberAssignment),
        targetAssignment: null,
        lag: null,
      })),
    }))
}

async function describeConsumer(
  client: KafkaClient,
  nodeId: number,
  groupIds: string[],
): Promise<DescribedGroup[]> {
  const connection = await client.node(nodeId)
  const { groups } = await withErrorCodes(consumerGroupDescribeV0.api.async(connection, groupIds, false))
  return groups
    .filter((group) => isThere(client, group))
    .map((group) => ({
      groupId: group.groupId,
      coordinator: nodeId,
      state: stateOf(group.groupState),
      type: 'consumer',
      protocolType: 'consumer',
      protocol: group.assignorName,
      epoch: group.groupEpoch,
      members: group.members.map((member) => ({
        memberId: member.memberId,
        groupInstanceId: member.instanceId || null,
        clientId: member.clientId,
        host: member.clientHost.replace(/^\//, ''),
        memberEpoch: member.memberEpoch,
        subscribedTopics: member.subscribedTopicNames,
        assignment: topicsOf(member.assignment),
        targetAssignment: topicsOf(member.targetAssignment),
        lag: null,
      })),
    }))
}

function topicsOf(assignment: consumerGroupDescribeV0.ConsumerGroupDescribeResponseMemberAssignment) {
  return assignment.topicPartitions.map(({ topicName, partitions }) => ({ topic: topicName, partitions }))
}

function isThere(
  client: KafkaClient,
  { groupId, errorCode }: { groupId: string; errorCode: number },
): boolean {
  if (errorName(errorCode) === 'NOT_COORDINATOR') client.forgetCoordinator(groupId)
  return errorCode === 0
}

/** Kafka's words as the contract has them; the consumer protocol's come in lower case from some brokers. */
function stateOf(text: string): GroupState {
  const found = groupState.options.find((state) => state.toLowerCase() === text.toLowerCase())
  return found ?? 'Unknown'
}
