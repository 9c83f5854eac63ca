import { arrayOf, bytes, int8, int32, int64, message, string, struct, uuid } from '../fields.ts'

const topicPartitions = {
  topicId: uuid(),
  partitions: arrayOf(int32()),
  assignmentEpochs: arrayOf(int32(), '0+', { nullable: '0+', tag: 0 }),
}

export const consumerGroupMetadataKey = message(
  { name: 'ConsumerGroupMetadataKey', apiKey: 3, versions: '0', flexible: 'none' },
  { groupId: string() },
)

export const consumerGroupMetadataValue = message(
  { name: 'ConsumerGroupMetadataValue', apiKey: 3, versions: '0', flexible: '0+' },
  { epoch: int32(), metadataHash: int64('0+', { tag: 0, default: 0 }) },
)

export const consumerGroupPartitionMetadataKey = message(
  { name: 'ConsumerGroupPartitionMetadataKey', apiKey: 4, versions: '0', flexible: 'none' },
  { groupId: string() },
)

export const consumerGroupPartitionMetadataValue = message(
  { name: 'ConsumerGroupPartitionMetadataValue', apiKey: 4, versions: '0', flexible: '0+' },
  {
    topics: arrayOf({
      topicId: uuid(),
      topicName: string(),
      numPartitions: int32(),
      partitionMetadata: arrayOf({ partition: int32(), racks: arrayOf(string()) }),
    }),
  },
)

export const consumerGroupMemberMetadataKey = message(
  { name: 'ConsumerGroupMemberMetadataKey', apiKey: 5, versions: '0', flexible: 'none' },
  { groupId: string(), memberId: string() },
)

export const consumerGroupMemberMetadataValue = message(
  { name: 'ConsumerGroupMemberMetadataValue', apiKey: 5, versions: '0', flexible: '0+' },
  {
    instanceId: string('0+', { nullable: '0+' }),
    rackId: string('0+', { nullable: '0+' }),
    clientId: string(),
    clientHost: string(),
    subscribedTopicNames: arrayOf(string()),
    subscribedTopicRegex: string('0+', { nullable: '0+' }),
    rebalanceTimeoutMs: int32('0+', { default: -1 }),
    serverAssignor: string('0+', { nullable: '0+' }),
    classicMemberMetadata: struct(
      { sessionTimeoutMs: int32(), supportedProtocols: arrayOf({ name: string(), metadata: bytes() }) },
      '0+',
      { nullable: '0+', tag: 0 },
    ),
  },
)

export const consumerGroupTargetAssignmentMetadataKey = message(
  { name: 'ConsumerGroupTargetAssignmentMetadataKey', apiKey: 6, versions: '0', flexible: 'none' },
  { groupId: string() },
)

export const consumerGroupTargetAssignmentMetadataValue = message(
  { name: 'ConsumerGroupTargetAssignmentMetadataValue', apiKey: 6, versions: '0', flexible: '0+' },
  { assignmentEpoch: int32(), assignmentTimestamp: int64('0+', { tag: 0, default: 0 }) },
)

export const consumerGroupTargetAssignmentMemberKey = message(
  { name: 'ConsumerGroupTargetAssignmentMemberKey', apiKey: 7, versions: '0', flexible: 'none' },
  { groupId: string(), memberId: string() },
)

export const consumerGroupTargetAssignmentMemberValue = message(
  { name: 'ConsumerGroupTargetAssignmentMemberValue', apiKey: 7, versions: '0', flexible: '0+' },
  { topicPartitions: arrayOf({ topicId: uuid(), partitions: arrayOf(int32()) }) },
)

export const consumerGroupCurrentMemberAssignmentKey = message(
  { name: 'ConsumerGroupCurrentMemberAssignmentKey', apiKey: 8, versions: '0', flexible: 'none' },
  { groupId: string(), memberId: string() },
)

export const consumerGroupCurrentMemberAssignmentValue = message(
  { name: 'ConsumerGroupCurrentMemberAssignmentValue', apiKey: 8, versions: '0', flexible: '0+' },
  {
    memberEpoch: int32(),
    previousMemberEpoch: int32(),
    state: int8(),
    assignedPartitions: arrayOf(topicPartitions),
    partitionsPendingRevocation: arrayOf(topicPartitions),
  },
)

export const consumerGroupRegularExpressionKey = message(
  { name: 'ConsumerGroupRegularExpressionKey', apiKey: 16, versions: '0', flexible: 'none' },
  { groupId: string(), regularExpression: string() },
)

export const consumerGroupRegularExpressionValue = message(
  { name: 'ConsumerGroupRegularExpressionValue', apiKey: 16, versions: '0', flexible: '0+' },
  { topics: arrayOf(string()), version: int64(), timestamp: int64() },
)
