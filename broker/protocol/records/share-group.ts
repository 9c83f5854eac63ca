import { arrayOf, int8, int32, int64, message, string, uuid } from '../fields.ts'

const topicPartitions = { topicId: uuid(), partitions: arrayOf(int32()) }

const topicPartitionsInfo = { topicId: uuid(), topicName: string(), partitions: arrayOf(int32()) }

const topicInfo = { topicId: uuid(), topicName: string() }

export const shareGroupMemberMetadataKey = message(
  { name: 'ShareGroupMemberMetadataKey', apiKey: 10, versions: '0', flexible: 'none' },
  { groupId: string(), memberId: string() },
)

export const shareGroupMemberMetadataValue = message(
  { name: 'ShareGroupMemberMetadataValue', apiKey: 10, versions: '0', flexible: '0+' },
  {
    rackId: string('0+', { nullable: '0+' }),
    clientId: string(),
    clientHost: string(),
    subscribedTopicNames: arrayOf(string()),
  },
)

export const shareGroupMetadataKey = message(
  { name: 'ShareGroupMetadataKey', apiKey: 11, versions: '0', flexible: 'none' },
  { groupId: string() },
)

export const shareGroupMetadataValue = message(
  { name: 'ShareGroupMetadataValue', apiKey: 11, versions: '0', flexible: '0+' },
  { epoch: int32(), metadataHash: int64() },
)

export const shareGroupTargetAssignmentMetadataKey = message(
  { name: 'ShareGroupTargetAssignmentMetadataKey', apiKey: 12, versions: '0', flexible: 'none' },
  { groupId: string() },
)

export const shareGroupTargetAssignmentMetadataValue = message(
  { name: 'ShareGroupTargetAssignmentMetadataValue', apiKey: 12, versions: '0', flexible: '0+' },
  { assignmentEpoch: int32(), assignmentTimestamp: int64('0+', { tag: 0, default: 0 }) },
)

export const shareGroupTargetAssignmentMemberKey = message(
  { name: 'ShareGroupTargetAssignmentMemberKey', apiKey: 13, versions: '0', flexible: 'none' },
  { groupId: string(), memberId: string() },
)

export const shareGroupTargetAssignmentMemberValue = message(
  { name: 'ShareGroupTargetAssignmentMemberValue', apiKey: 13, versions: '0', flexible: '0+' },
  { topicPartitions: arrayOf({ topicId: uuid(), partitions: arrayOf(int32()) }) },
)

export const shareGroupCurrentMemberAssignmentKey = message(
  { name: 'ShareGroupCurrentMemberAssignmentKey', apiKey: 14, versions: '0', flexible: 'none' },
  { groupId: string(), memberId: string() },
)

export const shareGroupCurrentMemberAssignmentValue = message(
  { name: 'ShareGroupCurrentMemberAssignmentValue', apiKey: 14, versions: '0', flexible: '0+' },
  {
    memberEpoch: int32(),
    previousMemberEpoch: int32(),
    state: int8(),
    assignedPartitions: arrayOf(topicPartitions),
  },
)

export const shareGroupStatePartitionMetadataKey = message(
  { name: 'ShareGroupStatePartitionMetadataKey', apiKey: 15, versions: '0', flexible: 'none' },
  { groupId: string() },
)

export const shareGroupStatePartitionMetadataValue = message(
  { name: 'ShareGroupStatePartitionMetadataValue', apiKey: 15, versions: '0', flexible: '0+' },
  {
    initializingTopics: arrayOf(topicPartitionsInfo),
    initializedTopics: arrayOf(topicPartitionsInfo),
    deletingTopics: arrayOf(topicInfo),
  },
)
