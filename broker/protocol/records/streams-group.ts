import { arrayOf, int8, int16, int32, int64, message, string, struct, uint16 } from '../fields.ts'

const lastAssignmentConfig = { key: string(), value: string() }

const endpoint = { host: string(), port: uint16() }

const keyValue = { key: string(), value: string() }

const taskIds = { subtopologyId: string(), partitions: arrayOf(int32()) }

const taskIdsFields = {
  subtopologyId: string(),
  partitions: arrayOf(int32()),
  assignmentEpochs: arrayOf(int32(), '0+', { nullable: '0+', tag: 0 }),
}

const topicConfig = { key: string(), value: string() }

const topicInfo = {
  name: string(),
  partitions: int32(),
  replicationFactor: int16(),
  topicConfigs: arrayOf(topicConfig),
}

export const streamsGroupMetadataKey = message(
  { name: 'StreamsGroupMetadataKey', apiKey: 17, versions: '0', flexible: 'none' },
  { groupId: string() },
)

export const streamsGroupMetadataValue = message(
  { name: 'StreamsGroupMetadataValue', apiKey: 17, versions: '0', flexible: '0+' },
  {
    epoch: int32(),
    metadataHash: int64(),
    validatedTopologyEpoch: int32('0+', { tag: 0, default: -1 }),
    lastAssignmentConfigs: arrayOf(lastAssignmentConfig, '0+', { nullable: '0+', tag: 1 }),
  },
)

export const streamsGroupMemberMetadataKey = message(
  { name: 'StreamsGroupMemberMetadataKey', apiKey: 19, versions: '0', flexible: 'none' },
  { groupId: string(), memberId: string() },
)

export const streamsGroupMemberMetadataValue = message(
  { name: 'StreamsGroupMemberMetadataValue', apiKey: 19, versions: '0', flexible: '0+' },
  {
    instanceId: string('0+', { nullable: '0+' }),
    rackId: string('0+', { nullable: '0+' }),
    clientId: string(),
    clientHost: string(),
    rebalanceTimeoutMs: int32('0+', { default: -1 }),
    topologyEpoch: int32(),
    processId: string(),
    userEndpoint: struct(endpoint, '0+', { nullable: '0+', default: null }),
    clientTags: arrayOf(keyValue),
  },
)

export const streamsGroupTargetAssignmentMetadataKey = message(
  { name: 'StreamsGroupTargetAssignmentMetadataKey', apiKey: 20, versions: '0', flexible: 'none' },
  { groupId: string() },
)

export const streamsGroupTargetAssignmentMetadataValue = message(
  { name: 'StreamsGroupTargetAssignmentMetadataValue', apiKey: 20, versions: '0', flexible: '0+' },
  { assignmentEpoch: int32(), assignmentTimestamp: int64('0+', { tag: 0, default: 0 }) },
)

export const streamsGroupTargetAssignmentMemberKey = message(
  { name: 'StreamsGroupTargetAssignmentMemberKey', apiKey: 21, versions: '0', flexible: 'none' },
  { groupId: string(), memberId: string() },
)

export const streamsGroupTargetAssignmentMemberValue = message(
  { name: 'StreamsGroupTargetAssignmentMemberValue', apiKey: 21, versions: '0', flexible: '0+' },
  { activeTasks: arrayOf(taskIds), standbyTasks: arrayOf(taskIds), warmupTasks: arrayOf(taskIds) },
)

export const streamsGroupCurrentMemberAssignmentKey = message(
  { name: 'StreamsGroupCurrentMemberAssignmentKey', apiKey: 22, versions: '0', flexible: 'none' },
  { groupId: string(), memberId: string() },
)

export const streamsGroupCurrentMemberAssignmentValue = message(
  { name: 'StreamsGroupCurrentMemberAssignmentValue', apiKey: 22, versions: '0', flexible: '0+' },
  {
    memberEpoch: int32(),
    previousMemberEpoch: int32(),
    state: int8(),
    activeTasks: arrayOf(taskIdsFields),
    standbyTasks: arrayOf(taskIdsFields),
    warmupTasks: arrayOf(taskIdsFields),
    activeTasksPendingRevocation: arrayOf(taskIdsFields),
    standbyTasksPendingRevocation: arrayOf(taskIdsFields),
    warmupTasksPendingRevocation: arrayOf(taskIdsFields),
  },
)

export const streamsGroupTopologyKey = message(
  { name: 'StreamsGroupTopologyKey', apiKey: 23, versions: '0', flexible: 'none' },
  { groupId: string() },
)

export const streamsGroupTopologyValue = message(
  { name: 'StreamsGroupTopologyValue', apiKey: 23, versions: '0', flexible: '0+' },
  {
    epoch: int32(),
    subtopologies: arrayOf({
      subtopologyId: string(),
      sourceTopics: arrayOf(string()),
      sourceTopicRegex: arrayOf(string()),
      stateChangelogTopics: arrayOf(topicInfo),
      repartitionSinkTopics: arrayOf(string()),
      repartitionSourceTopics: arrayOf(topicInfo),
      copartitionGroups: arrayOf({
        sourceTopics: arrayOf(int16()),
        sourceTopicRegex: arrayOf(int16()),
        repartitionSourceTopics: arrayOf(int16()),
      }),
    }),
  },
)
