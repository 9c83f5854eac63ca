import { alterReplicaLogDirsRequest } from '../../../../broker/protocol/schemas/34-alter-replica-log-dirs.ts'
import { describeLogDirsRequest } from '../../../../broker/protocol/schemas/35-describe-log-dirs.ts'
import { electLeadersRequest } from '../../../../broker/protocol/schemas/43-elect-leaders.ts'
import { alterPartitionReassignmentsRequest } from '../../../../broker/protocol/schemas/45-alter-partition-reassignments.ts'
import { listPartitionReassignmentsRequest } from '../../../../broker/protocol/schemas/46-list-partition-reassignments.ts'
import { describeClientQuotasRequest } from '../../../../broker/protocol/schemas/48-describe-client-quotas.ts'
import { alterClientQuotasRequest } from '../../../../broker/protocol/schemas/49-alter-client-quotas.ts'
import { describeQuorumRequest } from '../../../../broker/protocol/schemas/55-describe-quorum.ts'
import { updateFeaturesRequest } from '../../../../broker/protocol/schemas/57-update-features.ts'
import { describeClusterRequest } from '../../../../broker/protocol/schemas/60-describe-cluster.ts'
import { unregisterBrokerRequest } from '../../../../broker/protocol/schemas/64-unregister-broker.ts'
import { addRaftVoterRequest } from '../../../../broker/protocol/schemas/80-add-raft-voter.ts'
import { removeRaftVoterRequest } from '../../../../broker/protocol/schemas/81-remove-raft-voter.ts'
import { type ApiCase, apiCase, isOwnTopic } from './api-case.ts'
import type { Stage } from './stage.ts'

const someDirectory = 'c29tZXV1aWRzb21ldXVpZA'

const topicWithRecords = async (stage: Stage) => ({
  topic: stage.key,
  topicId: await stage.topic(stage.key, { partitions: 1, records: 3 }),
})

const quota = (entityName: string | null, key: string, value: number, remove = false) => ({
  entries: [{ entity: [{ entityType: 'user', entityName }], ops: [{ key, value, remove }] }],
  validateOnly: false,
})

/** The cluster itself: replicas, leaders, log folders, quotas, features. */
export const clusterCases: readonly ApiCase[] = [
  apiCase(alterReplicaLogDirsRequest, {
    arrange: topicWithRecords,
    base: ({ topic }) => ({ dirs: [{ path: '/nowhere', topics: [{ name: topic, partitions: [0] }] }] }),
  }),
  apiCase(describeLogDirsRequest, {
    arrange: topicWithRecords,
    isReading: true,
    own: { topics: isOwnTopic },
    base: ({ topic }) => ({ topics: [{ topic, partitions: [0] }] }),
  }),
  apiCase(electLeadersRequest, {
    arrange: topicWithRecords,
    own: { replicaElectionResults: ({ topic }, key) => isOwnTopic({ name: topic }, key) },
    base: ({ topic }) => ({
      electionType: 0,
      topicPartitions: [{ topic, partitions: [0] }],
      timeoutMs: 1_000,
    }),
    edge: {
      unclean: [
        1,
        ({ topic }) => ({ electionType: 1, topicPartitions: [{ topic, partitions: [0] }], timeoutMs: 1_000 }),
      ],
    },
  }),
  apiCase(alterPartitionReassignmentsRequest, {
    arrange: topicWithRecords,
    base: ({ topic }) => ({ topics: [{ name: topic, partitions: [{ partitionIndex: 0, replicas: [1] }] }] }),
    edge: {
      'an end to none': ({ topic }) => ({
        topics: [{ name: topic, partitions: [{ partitionIndex: 0, replicas: null }] }],
      }),
    },
    broken: {
      'to a broker that is not there': ({ topic }) => ({
        topics: [{ name: topic, partitions: [{ partitionIndex: 0, replicas: [1, 99] }] }],
      }),
    },
  }),
  apiCase(listPartitionReassignmentsRequest, {
    arrange: topicWithRecords,
    isReading: true,
    base: ({ topic }) => ({ topics: [{ name: topic, partitionIndexes: [0] }] }),
  }),
  apiCase(describeClientQuotasRequest, {
    isReading: true,
    base: () => ({ components: [{ entityType: 'user', matchType: 0, match: 'ann' }], strict: false }),
  }),
  apiCase(alterClientQuotasRequest, {
    base: () => quota('ann', 'producer_byte_rate', 1e9),
    valid: { 'taking it away': () => quota('ann', 'producer_byte_rate', 0, true) },
    edge: {
      'two of the same': () => ({
        entries: [
          ...quota('ann', 'producer_byte_rate', 1e9).entries,
          ...quota('ann', 'consumer_byte_rate', 1e9).entries,
        ],
        validateOnly: true,
      }),
    },
  }),
  apiCase(describeQuorumRequest, {
    isReading: true,
    base: () => ({ topics: [{ topicName: '__cluster_metadata', partitions: [{ partitionIndex: 0 }] }] }),
  }),
  apiCase(updateFeaturesRequest, {
    base: () => ({ featureUpdates: [{ feature: 'group.version', maxVersionLevel: 1 }], timeoutMs: 5_000 }),
  }),
  apiCase(describeClusterRequest, {
    isReading: true,
    base: () => ({ includeClusterAuthorizedOperations: false }),
    edge: { 'the controllers': [1, () => ({ includeClusterAuthorizedOperations: true, endpointType: 2 })] },
  }),
  apiCase(unregisterBrokerRequest, { base: () => ({ brokerId: 99 }) }),
  apiCase(addRaftVoterRequest, {
    // A listener without a name ends Kafka's process.
    without: /listeners\[0\]\.name empty/,
    base: () => ({
      clusterId: null,
      timeoutMs: 1_000,
      voterId: 99,
      voterDirectoryId: someDirectory,
      listeners: [{ name: 'CONTROLLER', host: '127.0.0.1', port: 9_999 }],
    }),
  }),
  apiCase(removeRaftVoterRequest, {
    base: () => ({ clusterId: null, voterId: 99, voterDirectoryId: someDirectory }),
  }),
]
