import { zeroUuid } from '../../broker/protocol/reader.ts'
import { apiVersionsRequest, apiVersionsResponse } from '../../broker/protocol/schemas/18-api-versions.ts'
import { createTopicsRequest, createTopicsResponse } from '../../broker/protocol/schemas/19-create-topics.ts'
import { deleteTopicsRequest, deleteTopicsResponse } from '../../broker/protocol/schemas/20-delete-topics.ts'
import {
  deleteRecordsRequest,
  deleteRecordsResponse,
} from '../../broker/protocol/schemas/21-delete-records.ts'
import { describeAclsRequest, describeAclsResponse } from '../../broker/protocol/schemas/29-describe-acls.ts'
import { createAclsRequest, createAclsResponse } from '../../broker/protocol/schemas/30-create-acls.ts'
import { deleteAclsRequest, deleteAclsResponse } from '../../broker/protocol/schemas/31-delete-acls.ts'
import {
  describeConfigsRequest,
  describeConfigsResponse,
} from '../../broker/protocol/schemas/32-describe-configs.ts'
import { alterConfigsRequest, alterConfigsResponse } from '../../broker/protocol/schemas/33-alter-configs.ts'
import {
  describeLogDirsRequest,
  describeLogDirsResponse,
} from '../../broker/protocol/schemas/35-describe-log-dirs.ts'
import {
  createPartitionsRequest,
  createPartitionsResponse,
} from '../../broker/protocol/schemas/37-create-partitions.ts'
import { electLeadersRequest, electLeadersResponse } from '../../broker/protocol/schemas/43-elect-leaders.ts'
import {
  incrementalAlterConfigsRequest,
  incrementalAlterConfigsResponse,
} from '../../broker/protocol/schemas/44-incremental-alter-configs.ts'
import {
  describeClusterRequest,
  describeClusterResponse,
} from '../../broker/protocol/schemas/60-describe-cluster.ts'
import {
  describeProducersRequest,
  describeProducersResponse,
} from '../../broker/protocol/schemas/61-describe-producers.ts'
import {
  listConfigResourcesRequest,
  listConfigResourcesResponse,
} from '../../broker/protocol/schemas/74-list-config-resources.ts'
import {
  describeTopicPartitionsRequest,
  describeTopicPartitionsResponse,
} from '../../broker/protocol/schemas/75-describe-topic-partitions.ts'
import { everyVersion, type Stage } from './stage.ts'

const topicResource = 2
const brokerResource = 4
const timeoutMs = 5000

/** Creates, grows and deletes topics, with a refusal in each answer. */
export async function playTopics(stage: Stage): Promise<void> {
  const configs = [{ name: 'retention.ms', value: '60000' }]
  const shape = { numPartitions: 2, replicationFactor: 1, assignments: [], configs }
  await everyVersion(stage, createTopicsRequest, createTopicsResponse, (version) => ({
    topics: [
      { ...shape, name: `made-${version}` },
      { ...shape, name: stage.topic },
      { ...shape, name: `too-many-${version}`, replicationFactor: 3 },
    ],
    timeoutMs,
  }))
  await everyVersion(stage, createPartitionsRequest, createPartitionsResponse, (version) => ({
    topics: [
      { name: `made-${version + 2}`, count: 3, assignments: null },
      { name: stage.topic, count: 1, assignments: null },
    ],
    timeoutMs,
    validateOnly: false,
  }))
  await everyVersion(stage, deleteRecordsRequest, deleteRecordsResponse, (version) => ({
    topics: [
      {
        name: stage.topic,
        partitions: [
          { partitionIndex: 0, offset: version },
          { partitionIndex: 1, offset: 1_000_000 },
        ],
      },
    ],
    timeoutMs,
  }))
  await everyVersion(stage, deleteTopicsRequest, deleteTopicsResponse, (version) => ({
    topics: [
      { name: `made-${version + 1}`, topicId: zeroUuid },
      { name: 'missing', topicId: zeroUuid },
    ],
    topicNames: [`made-${version + 1}`, 'missing'],
    timeoutMs,
  }))
  await everyVersion(stage, describeTopicPartitionsRequest, describeTopicPartitionsResponse, () => ({
    topics: [{ name: stage.topic }, { name: 'missing' }],
    responsePartitionLimit: 2,
  }))
  await everyVersion(stage, describeProducersRequest, describeProducersResponse, () => ({
    topics: [{ name: stage.topic, partitionIndexes: [0, 99] }],
  }))
  await everyVersion(stage, electLeadersRequest, electLeadersResponse, () => ({
    topicPartitions: [{ topic: stage.topic, partitions: [0, 99] }],
    timeoutMs,
  }))
}

/** Reads and changes configs of a topic and of the broker. */
export async function playConfigs(stage: Stage): Promise<void> {
  const { topic } = stage
  await everyVersion(stage, alterConfigsRequest, alterConfigsResponse, () => ({
    resources: [
      {
        resourceType: topicResource,
        resourceName: topic,
        configs: [{ name: 'retention.ms', value: '70000' }],
      },
      { resourceType: topicResource, resourceName: 'missing', configs: [] },
    ],
    validateOnly: false,
  }))
  await everyVersion(stage, incrementalAlterConfigsRequest, incrementalAlterConfigsResponse, () => ({
    resources: [
      {
        resourceType: topicResource,
        resourceName: topic,
        configs: [
          { name: 'max.message.bytes', configOperation: 0, value: '2000000' },
          { name: 'retention.ms', configOperation: 1, value: null },
        ],
      },
      {
        resourceType: brokerResource,
        resourceName: '1',
        configs: [{ name: 'no.such.config', configOperation: 0, value: '1' }],
      },
    ],
    validateOnly: false,
  }))
  await everyVersion(stage, describeConfigsRequest, describeConfigsResponse, (version) => ({
    resources: [
      { resourceType: topicResource, resourceName: topic, configurationKeys: null },
      { resourceType: brokerResource, resourceName: '1', configurationKeys: ['log.retention.hours', 'none'] },
    ],
    includeSynonyms: version > 1,
    // Kafka's documentation is its own text and does not belong into our files.
    includeDocumentation: false,
  }))
  await everyVersion(stage, listConfigResourcesRequest, listConfigResourcesResponse, () => ({
    resourceTypes: [],
  }))
}

/** What a client asks a broker about itself and its cluster. */
export async function playCluster(stage: Stage): Promise<void> {
  await everyVersion(stage, apiVersionsRequest, apiVersionsResponse, () => ({
    clientSoftwareName: 'millrace',
    clientSoftwareVersion: '1',
  }))
  await everyVersion(stage, describeClusterRequest, describeClusterResponse, (version) => ({
    includeClusterAuthorizedOperations: version > 0,
  }))
  await everyVersion(stage, describeLogDirsRequest, describeLogDirsResponse, () => ({
    topics: [{ topic: stage.topic, partitions: [0, 1] }],
  }))
  const filter = { resourceTypeFilter: topicResource, resourceNameFilter: null, principalFilter: null }
  const any = { ...filter, hostFilter: null, operation: 1, permissionType: 1 }
  await everyVersion(stage, describeAclsRequest, describeAclsResponse, () => any)
  await everyVersion(stage, deleteAclsRequest, deleteAclsResponse, () => ({ filters: [any] }))
  const who = { principal: 'User:a', host: '*', operation: 3, permissionType: 3 }
  await everyVersion(stage, createAclsRequest, createAclsResponse, () => ({
    creations: [{ resourceType: topicResource, resourceName: stage.topic, ...who }],
  }))
}
