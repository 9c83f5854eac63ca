import { produceRequest, produceResponse } from '../protocol/schemas/00-produce.ts'
import { fetchRequest, fetchResponse } from '../protocol/schemas/01-fetch.ts'
import { listOffsetsRequest, listOffsetsResponse } from '../protocol/schemas/02-list-offsets.ts'
import { metadataRequest, metadataResponse } from '../protocol/schemas/03-metadata.ts'
import { offsetCommitRequest, offsetCommitResponse } from '../protocol/schemas/08-offset-commit.ts'
import { offsetFetchRequest, offsetFetchResponse } from '../protocol/schemas/09-offset-fetch.ts'
import { findCoordinatorRequest, findCoordinatorResponse } from '../protocol/schemas/10-find-coordinator.ts'
import { joinGroupRequest, joinGroupResponse } from '../protocol/schemas/11-join-group.ts'
import { heartbeatRequest, heartbeatResponse } from '../protocol/schemas/12-heartbeat.ts'
import { leaveGroupRequest, leaveGroupResponse } from '../protocol/schemas/13-leave-group.ts'
import { syncGroupRequest, syncGroupResponse } from '../protocol/schemas/14-sync-group.ts'
import { describeGroupsRequest, describeGroupsResponse } from '../protocol/schemas/15-describe-groups.ts'
import { listGroupsRequest, listGroupsResponse } from '../protocol/schemas/16-list-groups.ts'
import { apiVersionsRequest, apiVersionsResponse } from '../protocol/schemas/18-api-versions.ts'
import { createTopicsRequest, createTopicsResponse } from '../protocol/schemas/19-create-topics.ts'
import { deleteTopicsRequest, deleteTopicsResponse } from '../protocol/schemas/20-delete-topics.ts'
import { deleteRecordsRequest, deleteRecordsResponse } from '../protocol/schemas/21-delete-records.ts'
import { initProducerIdRequest, initProducerIdResponse } from '../protocol/schemas/22-init-producer-id.ts'
import {
  offsetForLeaderEpochRequest,
  offsetForLeaderEpochResponse,
} from '../protocol/schemas/23-offset-for-leader-epoch.ts'
import {
  addPartitionsToTxnRequest,
  addPartitionsToTxnResponse,
} from '../protocol/schemas/24-add-partitions-to-txn.ts'
import { addOffsetsToTxnRequest, addOffsetsToTxnResponse } from '../protocol/schemas/25-add-offsets-to-txn.ts'
import { endTxnRequest, endTxnResponse } from '../protocol/schemas/26-end-txn.ts'
import { writeTxnMarkersRequest, writeTxnMarkersResponse } from '../protocol/schemas/27-write-txn-markers.ts'
import { txnOffsetCommitRequest, txnOffsetCommitResponse } from '../protocol/schemas/28-txn-offset-commit.ts'
import { describeAclsRequest, describeAclsResponse } from '../protocol/schemas/29-describe-acls.ts'
import { createAclsRequest, createAclsResponse } from '../protocol/schemas/30-create-acls.ts'
import { deleteAclsRequest, deleteAclsResponse } from '../protocol/schemas/31-delete-acls.ts'
import { describeConfigsRequest, describeConfigsResponse } from '../protocol/schemas/32-describe-configs.ts'
import { alterConfigsRequest, alterConfigsResponse } from '../protocol/schemas/33-alter-configs.ts'
import {
  alterReplicaLogDirsRequest,
  alterReplicaLogDirsResponse,
} from '../protocol/schemas/34-alter-replica-log-dirs.ts'
import { describeLogDirsRequest, describeLogDirsResponse } from '../protocol/schemas/35-describe-log-dirs.ts'
import {
  createPartitionsRequest,
  createPartitionsResponse,
} from '../protocol/schemas/37-create-partitions.ts'
import { deleteGroupsRequest, deleteGroupsResponse } from '../protocol/schemas/42-delete-groups.ts'
import { electLeadersRequest, electLeadersResponse } from '../protocol/schemas/43-elect-leaders.ts'
import {
  incrementalAlterConfigsRequest,
  incrementalAlterConfigsResponse,
} from '../protocol/schemas/44-incremental-alter-configs.ts'
import {
  alterPartitionReassignmentsRequest,
  alterPartitionReassignmentsResponse,
} from '../protocol/schemas/45-alter-partition-reassignments.ts'
import {
  listPartitionReassignmentsRequest,
  listPartitionReassignmentsResponse,
} from '../protocol/schemas/46-list-partition-reassignments.ts'
import { offsetDeleteRequest, offsetDeleteResponse } from '../protocol/schemas/47-offset-delete.ts'
import {
  describeClientQuotasRequest,
  describeClientQuotasResponse,
} from '../protocol/schemas/48-describe-client-quotas.ts'
import {
  alterClientQuotasRequest,
  alterClientQuotasResponse,
} from '../protocol/schemas/49-alter-client-quotas.ts'
import { describeQuorumRequest, describeQuorumResponse } from '../protocol/schemas/55-describe-quorum.ts'
import { describeClusterRequest, describeClusterResponse } from '../protocol/schemas/60-describe-cluster.ts'
import {
  describeProducersRequest,
  describeProducersResponse,
} from '../protocol/schemas/61-describe-producers.ts'
import {
  describeTransactionsRequest,
  describeTransactionsResponse,
} from '../protocol/schemas/65-describe-transactions.ts'
import {
  listTransactionsRequest,
  listTransactionsResponse,
} from '../protocol/schemas/66-list-transactions.ts'
import {
  consumerGroupHeartbeatRequest,
  consumerGroupHeartbeatResponse,
} from '../protocol/schemas/68-consumer-group-heartbeat.ts'
import {
  consumerGroupDescribeRequest,
  consumerGroupDescribeResponse,
} from '../protocol/schemas/69-consumer-group-describe.ts'
import {
  listConfigResourcesRequest,
  listConfigResourcesResponse,
} from '../protocol/schemas/74-list-config-resources.ts'
import {
  describeTopicPartitionsRequest,
  describeTopicPartitionsResponse,
} from '../protocol/schemas/75-describe-topic-partitions.ts'
import { produce } from './00-produce.ts'
import { fetch } from './01-fetch.ts'
import { listOffsets } from './02-list-offsets.ts'
import { metadata } from './03-metadata.ts'
import { offsetCommit } from './08-offset-commit.ts'
import { offsetFetch } from './09-offset-fetch.ts'
import { findCoordinator } from './10-find-coordinator.ts'
import { joinGroup } from './11-join-group.ts'
import { heartbeat } from './12-heartbeat.ts'
import { leaveGroup } from './13-leave-group.ts'
import { syncGroup } from './14-sync-group.ts'
import { describeGroups } from './15-describe-groups.ts'
import { listGroups } from './16-list-groups.ts'
import { apiVersions } from './18-api-versions.ts'
import { createTopics } from './19-create-topics.ts'
import { deleteTopics } from './20-delete-topics.ts'
import { deleteRecords } from './21-delete-records.ts'
import { initProducerId } from './22-init-producer-id.ts'
import { offsetForLeaderEpoch } from './23-offset-for-leader-epoch.ts'
import { addPartitionsToTxn } from './24-add-partitions-to-txn.ts'
import { addOffsetsToTxn } from './25-add-offsets-to-txn.ts'
import { endTxn } from './26-end-txn.ts'
import { writeTxnMarkers } from './27-write-txn-markers.ts'
import { txnOffsetCommit } from './28-txn-offset-commit.ts'
import { describeAcls } from './29-describe-acls.ts'
import { createAcls } from './30-create-acls.ts'
import { deleteAcls } from './31-delete-acls.ts'
import { describeConfigs } from './32-describe-configs.ts'
import { alterConfigs } from './33-alter-configs.ts'
import { alterReplicaLogDirs } from './34-alter-replica-log-dirs.ts'
import { describeLogDirs } from './35-describe-log-dirs.ts'
import { createPartitions } from './37-create-partitions.ts'
import { deleteGroups } from './42-delete-groups.ts'
import { electLeaders } from './43-elect-leaders.ts'
import { incrementalAlterConfigs } from './44-incremental-alter-configs.ts'
import { alterPartitionReassignments } from './45-alter-partition-reassignments.ts'
import { listPartitionReassignments } from './46-list-partition-reassignments.ts'
import { offsetDelete } from './47-offset-delete.ts'
import { describeClientQuotas } from './48-describe-client-quotas.ts'
import { alterClientQuotas } from './49-alter-client-quotas.ts'
import { describeQuorum } from './55-describe-quorum.ts'
import { describeCluster } from './60-describe-cluster.ts'
import { describeProducers } from './61-describe-producers.ts'
import { describeTransactions } from './65-describe-transactions.ts'
import { listTransactions } from './66-list-transactions.ts'
import { consumerGroupHeartbeat } from './68-consumer-group-heartbeat.ts'
import { consumerGroupDescribe } from './69-consumer-group-describe.ts'
import { listConfigResources } from './74-list-config-resources.ts'
import { describeTopicPartitions } from './75-describe-topic-partitions.ts'
import { type Api, api } from './api.ts'

const apis: readonly Api[] = [
  api(produceRequest, produceResponse, produce, { advertisedMinVersion: 0 }),
  api(fetchRequest, fetchResponse, fetch),
  api(listOffsetsRequest, listOffsetsResponse, listOffsets),
  api(metadataRequest, metadataResponse, metadata),
  api(offsetCommitRequest, offsetCommitResponse, offsetCommit),
  api(offsetFetchRequest, offsetFetchResponse, offsetFetch),
  api(findCoordinatorRequest, findCoordinatorResponse, findCoordinator),
  api(joinGroupRequest, joinGroupResponse, joinGroup),
  api(heartbeatRequest, heartbeatResponse, heartbeat),
  api(leaveGroupRequest, leaveGroupResponse, leaveGroup),
  api(syncGroupRequest, syncGroupResponse, syncGroup),
  api(describeGroupsRequest, describeGroupsResponse, describeGroups),
  api(listGroupsRequest, listGroupsResponse, listGroups),
  api(apiVersionsRequest, apiVersionsResponse, apiVersions),
  api(createTopicsRequest, createTopicsResponse, createTopics),
  api(deleteTopicsRequest, deleteTopicsResponse, deleteTopics),
  api(deleteRecordsRequest, deleteRecordsResponse, deleteRecords),
  api(initProducerIdRequest, initProducerIdResponse, initProducerId),
  api(offsetForLeaderEpochRequest, offsetForLeaderEpochResponse, offsetForLeaderEpoch),
  api(addPartitionsToTxnRequest, addPartitionsToTxnResponse, addPartitionsToTxn),
  api(addOffsetsToTxnRequest, addOffsetsToTxnResponse, addOffsetsToTxn),
  api(endTxnRequest, endTxnResponse, endTxn),
  api(writeTxnMarkersRequest, writeTxnMarkersResponse, writeTxnMarkers),
  api(txnOffsetCommitRequest, txnOffsetCommitResponse, txnOffsetCommit),
  api(describeAclsRequest, describeAclsResponse, describeAcls),
  api(createAclsRequest, createAclsResponse, createAcls),
  api(deleteAclsRequest, deleteAclsResponse, deleteAcls),
  api(describeConfigsRequest, describeConfigsResponse, describeConfigs),
  api(alterConfigsRequest, alterConfigsResponse, alterConfigs),
  api(alterReplicaLogDirsRequest, alterReplicaLogDirsResponse, alterReplicaLogDirs),
  api(describeLogDirsRequest, describeLogDirsResponse, describeLogDirs),
  api(createPartitionsRequest, createPartitionsResponse, createPartitions),
  api(deleteGroupsRequest, deleteGroupsResponse, deleteGroups),
  api(electLeadersRequest, electLeadersResponse, electLeaders),
  api(incrementalAlterConfigsRequest, incrementalAlterConfigsResponse, incrementalAlterConfigs),
  api(alterPartitionReassignmentsRequest, alterPartitionReassignmentsResponse, alterPartitionReassignments),
  api(listPartitionReassignmentsRequest, listPartitionReassignmentsResponse, listPartitionReassignments),
  api(offsetDeleteRequest, offsetDeleteResponse, offsetDelete),
  api(describeClientQuotasRequest, describeClientQuotasResponse, describeClientQuotas),
  api(alterClientQuotasRequest, alterClientQuotasResponse, alterClientQuotas),
  api(describeQuorumRequest, describeQuorumResponse, describeQuorum),
  api(describeClusterRequest, describeClusterResponse, describeCluster),
  api(describeProducersRequest, describeProducersResponse, describeProducers),
  api(describeTransactionsRequest, describeTransactionsResponse, describeTransactions),
  api(listTransactionsRequest, listTransactionsResponse, listTransactions),
  api(consumerGroupHeartbeatRequest, consumerGroupHeartbeatResponse, consumerGroupHeartbeat),
  api(consumerGroupDescribeRequest, consumerGroupDescribeResponse, consumerGroupDescribe),
  api(listConfigResourcesRequest, listConfigResourcesResponse, listConfigResources),
  api(describeTopicPartitionsRequest, describeTopicPartitionsResponse, describeTopicPartitions),
]

/** Every API that this broker answers, by key: what ApiVersions advertises is what stands here. */
export const registry: ReadonlyMap<number, Api> = new Map(apis.map((entry) => [entry.key, entry]))
