import { createTopicsRequest, createTopicsResponse } from '../../protocol/schemas/19-create-topics.ts'
import { deleteTopicsRequest, deleteTopicsResponse } from '../../protocol/schemas/20-delete-topics.ts'
import {
  describeConfigsRequest,
  describeConfigsResponse,
} from '../../protocol/schemas/32-describe-configs.ts'
import { alterConfigsRequest, alterConfigsResponse } from '../../protocol/schemas/33-alter-configs.ts'
import {
  createPartitionsRequest,
  createPartitionsResponse,
} from '../../protocol/schemas/37-create-partitions.ts'
import {
  incrementalAlterConfigsRequest,
  incrementalAlterConfigsResponse,
} from '../../protocol/schemas/44-incremental-alter-configs.ts'
import {
  listConfigResourcesRequest,
  listConfigResourcesResponse,
} from '../../protocol/schemas/74-list-config-resources.ts'
import {
  describeTopicPartitionsRequest,
  describeTopicPartitionsResponse,
} from '../../protocol/schemas/75-describe-topic-partitions.ts'
import { createTopics } from '../19-create-topics.ts'
import { deleteTopics } from '../20-delete-topics.ts'
import { describeConfigs } from '../32-describe-configs.ts'
import { alterConfigs } from '../33-alter-configs.ts'
import { createPartitions } from '../37-create-partitions.ts'
import { incrementalAlterConfigs } from '../44-incremental-alter-configs.ts'
import { listConfigResources } from '../74-list-config-resources.ts'
import { describeTopicPartitions } from '../75-describe-topic-partitions.ts'
import { type ApiHandler, apiHandler } from '../api.ts'

/** Topics and configs. */
export const topics: readonly ApiHandler[] = [
  apiHandler(createTopicsRequest, createTopicsResponse, createTopics),
  apiHandler(deleteTopicsRequest, deleteTopicsResponse, deleteTopics),
  apiHandler(describeConfigsRequest, describeConfigsResponse, describeConfigs),
  apiHandler(alterConfigsRequest, alterConfigsResponse, alterConfigs),
  apiHandler(createPartitionsRequest, createPartitionsResponse, createPartitions),
  apiHandler(incrementalAlterConfigsRequest, incrementalAlterConfigsResponse, incrementalAlterConfigs),
  apiHandler(listConfigResourcesRequest, listConfigResourcesResponse, listConfigResources),
  apiHandler(describeTopicPartitionsRequest, describeTopicPartitionsResponse, describeTopicPartitions),
]
