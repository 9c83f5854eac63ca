import {
  createTopicsRequest,
  createTopicsResponse,
} from '../../../broker/protocol/schemas/19-create-topics.ts'
import {
  alterReplicaLogDirsRequest,
  alterReplicaLogDirsResponse,
} from '../../../broker/protocol/schemas/34-alter-replica-log-dirs.ts'
import {
  electLeadersRequest,
  electLeadersResponse,
} from '../../../broker/protocol/schemas/43-elect-leaders.ts'
import {
  alterPartitionReassignmentsRequest,
  alterPartitionReassignmentsResponse,
} from '../../../broker/protocol/schemas/45-alter-partition-reassignments.ts'
import {
  listPartitionReassignmentsRequest,
  listPartitionReassignmentsResponse,
} from '../../../broker/protocol/schemas/46-list-partition-reassignments.ts'
import {
  describeClientQuotasRequest,
  describeClientQuotasResponse,
} from '../../../broker/protocol/schemas/48-describe-client-quotas.ts'
import {
  alterClientQuotasRequest,
  alterClientQuotasResponse,
} from '../../../broker/protocol/schemas/49-alter-client-quotas.ts'
import {
  describeQuorumRequest,
  describeQuorumResponse,
} from '../../../broker/protocol/schemas/55-describe-quorum.ts'
import { inVersions, type Step, step } from './script.ts'

type Entity = Readonly<Record<string, string | null>>
type Filter = readonly (readonly [entityType: string, matchType: number, match: string | null])[]

const exact = 0
const byDefault = 1
const specified = 2

function alterQuotas(
  name: string,
  entities: readonly Entity[],
  quotas: Readonly<Record<string, number | null>>,
): Step {
  const ops = Object.entries(quotas).map(([key, value]) => ({
    key,
    value: value ?? 0,
    remove: value === null,
  }))
  const entries = entities.map((entity) => ({
    entity: Object.entries(entity).map(([entityType, entityName]) => ({ entityType, entityName })),
    ops,
  }))
  return step(name, alterClientQuotasRequest, alterClientQuotasResponse, 1, { entries, validateOnly: false })
}

function quotasOf(name: string, filter: Filter, strict = false): Step {
  return step(name, describeClientQuotasRequest, describeClientQuotasResponse, 1, {
    components: filter.map(([entityType, matchType, match]) => ({ entityType, matchType, match })),
    strict,
  })
}

const quotaSteps: Step[] = [
  alterQuotas('a rate of a client id', [{ 'client-id': 'a' }], { producer_byte_rate: 1e9 }),
  alterQuotas('three of a user and client id', [{ user: 'u', 'client-id': 'a' }], {
    producer_byte_rate: 1e9,
    consumer_byte_rate: 2e9,
    request_percentage: 150.5,
  }),
  alterQuotas('the default user', [{ user: null }], { request_percentage: 900 }),
  ...inVersions('none', alterClientQuotasRequest, alterClientQuotasResponse, () => ({
    entries: [],
    validateOnly: false,
  })),
  alterQuotas('an empty entity', [{}], { producer_byte_rate: 1 }),
  alterQuotas('an unknown entity', [{ group: 'g' }], { producer_byte_rate: 1 }),
  alterQuotas('an empty name', [{ user: '' }], { producer_byte_rate: 1 }),
  alterQuotas('an address and a user', [{ ip: '1.2.3.4', user: 'u' }], { producer_byte_rate: 1 }),
  alterQuotas('an unknown quota', [{ user: 'u' }], { nonsense: 1 }),
  alterQuotas('a rate of 0', [{ user: 'u' }], { producer_byte_rate: 0 }),
  alterQuotas('a rate below 0', [{ user: 'u' }], { producer_byte_rate: -1 }),
  alterQuotas('half a byte', [{ user: 'u' }], { producer_byte_rate: 1.5 }),
  alterQuotas('taking away what is not set', [{ user: 'nobody' }], { producer_byte_rate: null }),
  alterQuotas('taking away what does not exist', [{ user: 'nobody' }], { nonsense: null }),
  quotasOf('all', []),
  quotasOf('nothing, strictly', [], true),
  quotasOf('a client id', [['client-id', exact, 'a']]),
  quotasOf('a client id, strictly', [['client-id', exact, 'a']], true),
  quotasOf('any user', [['user', specified, null]]),
  quotasOf('the default user', [['user', byDefault, null]]),
  quotasOf('exactly nothing', [['user', exact, null]]),
  quotasOf('the default with a name', [['user', byDefault, 'x']]),
  quotasOf('the same twice', [
    ['user', exact, 'x'],
    ['user', exact, 'y'],
  ]),
  quotasOf('an unknown entity type', [['group', exact, 'x']]),
  quotasOf('an empty entity type', [['', exact, 'x']]),
  quotasOf('an unknown match', [['user', 7, null]]),
  quotasOf('an address and a user', [
    ['user', specified, null],
    ['ip', specified, null],
  ]),
  alterQuotas('taking them away', [{ 'client-id': 'a' }, { user: null }], {
    producer_byte_rate: null,
    request_percentage: null,
  }),
  quotasOf('what is left', []),
]

/** Quotas, and what moves replicas and leaders, on a cluster of one; `topic` has one partition. */
export function clusterSteps(topic: string): Step[] {
  const electIn = (partitions: readonly number[], name = topic) => ({
    topicPartitions: [{ topic: name, partitions }],
    timeoutMs: 1000,
  })
  const reassign = (
    name: string,
    topicName: string,
    partitionIndex: number,
    replicas: number[] | null,
  ): Step =>
    step(name, alterPartitionReassignmentsRequest, alterPartitionReassignmentsResponse, 1, ({ nodeId }) => ({
      topics: [
        {
          name: topicName,
          partitions: [{ partitionIndex, replicas: replicas?.map((id) => (id === 1 ? nodeId : id)) ?? null }],
        },
      ],
    }))
  return [
    step('a topic to move', createTopicsRequest, createTopicsResponse, 6, {
      topics: [{ name: topic, numPartitions: 1, replicationFactor: 1, assignments: [], configs: [] }],
      timeoutMs: 10_000,
      validateOnly: false,
    }),
    ...quotaSteps,
    ...inVersions('a partition', electLeadersRequest, electLeadersResponse, () => ({
      electionType: 0,
      ...electIn([0]),
    })),
    step('unclean', electLeadersRequest, electLeadersResponse, 2, { electionType: 1, ...electIn([0, 7]) }),
    step('an unknown topic', electLeadersRequest, electLeadersResponse, 2, {
      electionType: 0,
      ...electIn([0], 'nope'),
    }),
    step('all', electLeadersRequest, electLeadersResponse, 2, {
      electionType: 0,
      topicPartitions: null,
      timeoutMs: 1000,
    }),
    reassign('to where it is', topic, 0, [1]),
    reassign('to nowhere', topic, 0, []),
    reassign('to an unknown broker', topic, 0, [99]),
    reassign('twice to the same', topic, 0, [1, 1]),
    reassign('an end to none', topic, 0, null),
    reassign('an unknown partition', topic, 9, [1]),
    reassign('an unknown topic', 'nope', 0, [1]),
    step('all', listPartitionReassignmentsRequest, listPartitionReassignmentsResponse, 0, { topics: null }),
    step('one', listPartitionReassignmentsRequest, listPartitionReassignmentsResponse, 0, {
      topics: [
        { name: topic, partitionIndexes: [0] },
        { name: 'nope', partitionIndexes: [0] },
      ],
    }),
    ...inVersions('an unknown folder', alterReplicaLogDirsRequest, alterReplicaLogDirsResponse, () => ({
      dirs: [{ path: '/nowhere', topics: [{ name: topic, partitions: [0, 9] }] }],
    })),
    ...inVersions('the quorum', describeQuorumRequest, describeQuorumResponse, () => ({
      topics: [{ topicName: '__cluster_metadata', partitions: [{ partitionIndex: 0 }] }],
    })),
    step('the quorum of another topic', describeQuorumRequest, describeQuorumResponse, 2, {
      topics: [{ topicName: topic, partitions: [{ partitionIndex: 0 }] }],
    }),
  ]
}
