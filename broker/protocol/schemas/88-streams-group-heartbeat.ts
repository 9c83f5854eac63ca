import { arrayOf, bool, int8, int16, int32, int64, message, string, struct, uint16 } from '../fields.ts'

const keyValue = { key: string(), value: string() }

const topicInfo = {
  name: string(),
  partitions: int32(),
  replicationFactor: int16(),
  topicConfigs: arrayOf(keyValue),
}

const endpoint = { host: string(), port: uint16() }

const taskOffset = { subtopologyId: string(), partition: int32(), offset: int64() }

const taskIds = { subtopologyId: string(), partitions: arrayOf(int32()) }

const status = { statusCode: int8(), statusDetail: string() }

const topicPartition = { topic: string(), partitions: arrayOf(int32()) }

export const streamsGroupHeartbeatRequest = message(
  { name: 'StreamsGroupHeartbeatRequest', apiKey: 88, versions: '0', flexible: '0+' },
  {
    groupId: string(),
    memberId: string(),
    memberEpoch: int32(),
    endpointInformationEpoch: int32(),
    instanceId: string('0+', { nullable: '0+', default: null }),
    rackId: string('0+', { nullable: '0+', default: null }),
    rebalanceTimeoutMs: int32('0+', { default: -1 }),
    topology: struct(
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
      '0+',
      { nullable: '0+', default: null },
    ),
    activeTasks: arrayOf(taskIds, '0+', { nullable: '0+', default: null }),
    standbyTasks: arrayOf(taskIds, '0+', { nullable: '0+', default: null }),
    warmupTasks: arrayOf(taskIds, '0+', { nullable: '0+', default: null }),
    processId: string('0+', { nullable: '0+', default: null }),
    userEndpoint: struct(endpoint, '0+', { nullable: '0+', default: null }),
    clientTags: arrayOf(keyValue, '0+', { nullable: '0+', default: null }),
    taskOffsets: arrayOf(taskOffset, '0+', { nullable: '0+', default: null }),
    taskEndOffsets: arrayOf(taskOffset, '0+', { nullable: '0+', default: null }),
    shutdownApplication: bool('0+', { default: false }),
  },
)

export const streamsGroupHeartbeatResponse = message(
  { name: 'StreamsGroupHeartbeatResponse', apiKey: 88, versions: '0', flexible: '0+' },
  {
    throttleTimeMs: int32(),
    errorCode: int16(),
    errorMessage: string('0+', { nullable: '0+', default: null }),
    memberId: string(),
    memberEpoch: int32(),
    heartbeatIntervalMs: int32(),
    acceptableRecoveryLag: int32(),
    taskOffsetIntervalMs: int32(),
    status: arrayOf(status, '0+', { nullable: '0+' }),
    activeTasks: arrayOf(taskIds, '0+', { nullable: '0+', default: null }),
    standbyTasks: arrayOf(taskIds, '0+', { nullable: '0+', default: null }),
    warmupTasks: arrayOf(taskIds, '0+', { nullable: '0+', default: null }),
    endpointInformationEpoch: int32(),
    partitionsByUserEndpoint: arrayOf(
      {
        userEndpoint: struct(endpoint),
        activePartitions: arrayOf(topicPartition),
        standbyPartitions: arrayOf(topicPartition),
      },
      '0+',
      { nullable: '0+', default: null },
    ),
  },
)
