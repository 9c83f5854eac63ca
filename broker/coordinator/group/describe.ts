import { errorCode } from '../../protocol/error-codes.ts'
import type { Encodable } from '../../protocol/fields.ts'
import type { describeGroupsResponse } from '../../protocol/schemas/15-describe-groups.ts'
import type { consumerGroupDescribeResponse } from '../../protocol/schemas/69-consumer-group-describe.ts'
import type { TopicDirectory } from '../partition-writer.ts'
import type { Turn } from '../turn.ts'
import { type ClassicGroup, metadataOf, noBytes } from './classic/classic-group.ts'
import type {
  ConsumerGroup,
  ConsumerMember,
  EpochedPartitions,
  Partitions,
} from './consumer/consumer-group.ts'
import { preferredAssignor } from './consumer/target-assignment.ts'
import type { Group } from './group-shard.ts'

export type DescribedClassicGroup = Encodable<typeof describeGroupsResponse>['groups'][number]
export type DescribedConsumerGroup = Encodable<typeof consumerGroupDescribeResponse>['groups'][number]

/** From this version on DescribeGroups says that a group is not there (KIP-1043); before, that it is Dead. */
const firstVersionWithNotFound = 6

export function classicGroupError(
  groupId: string,
  code: number,
  message: string | null,
): DescribedClassicGroup {
  return {
    errorCode: code,
    errorMessage: message,
    groupId,
    groupState: code === errorCode.none || code === errorCode.groupIdNotFound ? 'Dead' : '',
    protocolType: '',
    protocolData: '',
    members: [],
  }
}

export function describeClassicGroup(
  group: Group | undefined,
  groupId: string,
  apiVersion: number,
): DescribedClassicGroup {
  if (group?.type !== 'classic') {
    if (apiVersion < firstVersionWithNotFound) return classicGroupError(groupId, errorCode.none, null)
    const message = group ? `Group ${groupId} is not a classic group.` : `Group ${groupId} not found.`
    return classicGroupError(groupId, errorCode.groupIdNotFound, message)
  }
  const isStable = group.state === 'Stable'
  return {
    errorCode: errorCode.none,
    groupId,
    groupState: group.state,
    protocolType: group.protocolType ?? '',
    protocolData: isStable ? (group.protocolName ?? '') : '',
    members: describeClassicMembers(group, isStable),
  }
}

function describeClassicMembers(group: ClassicGroup, isStable: boolean): DescribedClassicGroup['members'] {
  return [...group.members.values()].map((member) => ({
    memberId: member.memberId,
    groupInstanceId: member.instanceId,
    clientId: member.clientId,
    clientHost: member.clientHost,
    memberMetadata: isStable ? metadataOf(member, group.protocolName) : noBytes,
    memberAssignment: member.assignment,
  }))
}

export function consumerGroupError(
  groupId: string,
  code: number,
  message: string | null,
): DescribedConsumerGroup {
  return {
    errorCode: code,
    errorMessage: message,
    groupId,
    groupState: '',
    groupEpoch: 0,
    assignmentEpoch: 0,
    assignorName: '',
    members: [],
  }
}

export function describeConsumerGroup(
  turn: Turn,
  group: Group | undefined,
  groupId: string,
): DescribedConsumerGroup {
  if (group?.type !== 'consumer') {
    const message = group ? `Group ${groupId} is not a consumer group.` : `Group ${groupId} not found.`
    return consumerGroupError(groupId, errorCode.groupIdNotFound, message)
  }
  return {
    errorCode: errorCode.none,
    groupId,
    groupState: group.state,
    groupEpoch: group.groupEpoch,
    assignmentEpoch: group.assignmentEpoch,
    assignorName: preferredAssignor(turn, group),
    members: [...group.members.values()].map((member) => describeConsumerMember(turn, group, member)),
  }
}

/** KIP-1099: who still speaks the classic protocol in a consumer group. */
const memberType = { classic: 0, consumer: 1 } as const

function describeConsumerMember(
  turn: Turn,
  group: ConsumerGroup,
  member: ConsumerMember,
): DescribedConsumerGroup['members'][number] {
  return {
    memberId: member.memberId,
    instanceId: member.instanceId,
    rackId: member.rackId,
    memberEpoch: member.memberEpoch,
    clientId: member.clientId,
    clientHost: member.clientHost,
    subscribedTopicNames: member.subscribedTopicNames,
    subscribedTopicRegex: member.subscribedTopicRegex ?? '',
    // What it is still to give up it has until it says otherwise.
    assignment: { topicPartitions: named(turn.topics, held(member)) },
    targetAssignment: { topicPartitions: named(turn.topics, group.target.get(member.memberId) ?? new Map()) },
    memberType: member.classic ? memberType.classic : memberType.consumer,
  }
}

function held({ assigned, pendingRevocation }: ConsumerMember): EpochedPartitions {
  if (pendingRevocation.size === 0) return assigned
  const all = new Map(assigned)
  for (const [topicId, epochs] of pendingRevocation) {
    all.set(topicId, new Map([...(all.get(topicId) ?? []), ...epochs]))
  }
  return all
}

function named(topics: TopicDirectory, partitions: Partitions | EpochedPartitions) {
  return [...partitions].flatMap(([topicId, own]) => {
    const topicName = topics.topicName(topicId)
    return topicName === undefined
      ? []
      : [{ topicId, topicName, partitions: [...own.keys()].sort((a, b) => a - b) }]
  })
}
