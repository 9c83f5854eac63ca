import {
  findCoordinatorRequest,
  findCoordinatorResponse,
} from '../../../broker/protocol/schemas/10-find-coordinator.ts'
import {
  createTopicsRequest,
  createTopicsResponse,
} from '../../../broker/protocol/schemas/19-create-topics.ts'
import {
  deleteTopicsRequest,
  deleteTopicsResponse,
} from '../../../broker/protocol/schemas/20-delete-topics.ts'
import {
  deleteRecordsRequest,
  deleteRecordsResponse,
} from '../../../broker/protocol/schemas/21-delete-records.ts'
import {
  describeConfigsRequest,
  describeConfigsResponse,
} from '../../../broker/protocol/schemas/32-describe-configs.ts'
import {
  createPartitionsRequest,
  createPartitionsResponse,
} from '../../../broker/protocol/schemas/37-create-partitions.ts'
import {
  incrementalAlterConfigsRequest,
  incrementalAlterConfigsResponse,
} from '../../../broker/protocol/schemas/44-incremental-alter-configs.ts'
import { type Step, step } from './script.ts'

const offsetsTopic = '__consumer_offsets'
const findCoordinator = (name: string) =>
  step(name, findCoordinatorRequest, findCoordinatorResponse, 4, { keyType: 0, coordinatorKeys: ['g'] })

/** The topic of the committed offsets, which the first question for a coordinator creates. */
export const internalSteps: readonly Step[] = [
  findCoordinator('makes the topic of the offsets'),
  findCoordinator('once it is there'),
  step('a topic that exists', createTopicsRequest, createTopicsResponse, 7, {
    topics: [{ name: offsetsTopic, numPartitions: 1, replicationFactor: 1, assignments: [], configs: [] }],
  }),
  step('of the offsets', describeConfigsRequest, describeConfigsResponse, 4, {
    resources: [{ resourceType: 2, resourceName: offsetsTopic, configurationKeys: null }],
    includeSynonyms: true,
  }),
  step('of the offsets', incrementalAlterConfigsRequest, incrementalAlterConfigsResponse, 1, {
    resources: [
      {
        resourceType: 2,
        resourceName: offsetsTopic,
        configs: [{ name: 'segment.bytes', configOperation: 0, value: '2000000' }],
      },
    ],
    validateOnly: false,
  }),
  step('of the offsets', deleteRecordsRequest, deleteRecordsResponse, 2, {
    topics: [
      {
        name: offsetsTopic,
        partitions: [
          { partitionIndex: 0, offset: 0 },
          { partitionIndex: 99, offset: 0 },
        ],
      },
    ],
    timeoutMs: 5000,
  }),
  step('of the offsets', createPartitionsRequest, createPartitionsResponse, 3, {
    topics: [{ name: offsetsTopic, count: 60, assignments: null }],
    timeoutMs: 5000,
    validateOnly: true,
  }),
  step('of the offsets', deleteTopicsRequest, deleteTopicsResponse, 6, {
    topics: [{ name: offsetsTopic, topicId: 'AAAAAAAAAAAAAAAAAAAAAA' }],
    timeoutMs: 5000,
  }),
]
