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
import { saslHandshakeRequest, saslHandshakeResponse } from '../protocol/schemas/17-sasl-handshake.ts'
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
  saslAuthenticateRequest,
  saslAuthenticateResponse,
} from '../protocol/schemas/36-sasl-authenticate.ts'
import {
  createPartitionsRequest,
  createPartitionsResponse,
} from '../protocol/schemas/37-create-partitions.ts'
import {
  createDelegationTokenRequest,
  createDelegationTokenResponse,
} from '../protocol/schemas/38-create-delegation-token.ts'
import {
  renewDelegationTokenRequest,
  renewDelegationTokenResponse,
} from '../protocol/schemas/39-renew-delegation-token.ts'
import {
  expireDelegationTokenRequest,
  expireDelegationTokenResponse,
} from '../protocol/schemas/40-expire-delegation-token.ts'
import {
  describeDelegationTokenRequest,
  describeDelegationTokenResponse,
} from '../protocol/schemas/41-describe-delegation-token.ts'
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
import {
  describeUserScramCredentialsRequest,
  describeUserScramCredentialsResponse,
} from '../protocol/schemas/50-describe-user-scram-credentials.ts'
import {
  alterUserScramCredentialsRequest,
  alterUserScramCredentialsResponse,
} from '../protocol/schemas/51-alter-user-scram-credentials.ts'
import { describeQuorumRequest, describeQuorumResponse } from '../protocol/schemas/55-describe-quorum.ts'
import { updateFeaturesRequest, updateFeaturesResponse } from '../protocol/schemas/57-update-features.ts'
import { describeClusterRequest, describeClusterResponse } from '../protocol/schemas/60-describe-cluster.ts'
import {
  describeProducersRequest,
  describeProducersResponse,
} from '../protocol/schemas/61-describe-producers.ts'
import {
  unregisterBrokerRequest,
  unregisterBrokerResponse,
} from '../protocol/schemas/64-unregister-broker.ts'
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
import { addRaftVoterRequest, addRaftVoterResponse } from '../protocol/schemas/80-add-raft-voter.ts'
import { removeRaftVoterRequest, removeRaftVoterResponse } from '../protocol/schemas/81-remove-raft-voter.ts'
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
import { saslHandshake } from './17-sasl-handshake.ts'
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
import { saslAuthenticate } from './36-sasl-authenticate.ts'
import { createPartitions } from './37-create-partitions.ts'
import { createDelegationToken } from './38-create-delegation-token.ts'
import { renewDelegationToken } from './39-renew-delegation-token.ts'
import { expireDelegationToken } from './40-expire-delegation-token.ts'
import { describeDelegationToken } from './41-describe-delegation-token.ts'
import { deleteGroups } from './42-delete-groups.ts'
import { electLeaders } from './43-elect-leaders.ts'
import { incrementalAlterConfigs } from './44-incremental-alter-configs.ts'
import { alterPartitionReassignments } from './45-alter-partition-reassignments.ts'
import { listPartitionReassignments } from './46-list-partition-reassignments.ts'
import { offsetDelete } from './47-offset-delete.ts'
import { describeClientQuotas } from './48-describe-client-quotas.ts'
import { alterClientQuotas } from './49-alter-client-quotas.ts'
import { describeUserScramCredentials } from './50-describe-user-scram-credentials.ts'
import { alterUserScramCredentials } from './51-alter-user-scram-credentials.ts'
import { describeQuorum } from './55-describe-quorum.ts'
import { updateFeatures } from './57-update-features.ts'
import { describeCluster } from './60-describe-cluster.ts'
import { describeProducers } from './61-describe-producers.ts'
import { unregisterBroker } from './64-unregister-broker.ts'
import { describeTransactions } from './65-describe-transactions.ts'
import { listTransactions } from './66-list-transactions.ts'
import { consumerGroupHeartbeat } from './68-consumer-group-heartbeat.ts'
import { consumerGroupDescribe } from './69-consumer-group-describe.ts'
import { listConfigResources } from './74-list-config-resources.ts'
import { describeTopicPartitions } from './75-describe-topic-partitions.ts'
import { addRaftVoter } from './80-add-raft-voter.ts'
import { removeRaftVoter } from './81-remove-raft-voter.ts'
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
  api(saslHandshakeRequest, saslHandshakeResponse, saslHandshake),
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
  api(saslAuthenticateRequest, saslAuthenticateResponse, saslAuthenticate),
  api(createPartitionsRequest, createPartitionsResponse, createPartitions),
  api(createDelegationTokenRequest, createDelegationTokenResponse, createDelegationToken),
  api(renewDelegationTokenRequest, renewDelegationTokenResponse, renewDelegationToken),
  api(expireDelegationTokenRequest, expireDelegationTokenResponse, expireDelegationToken),
  api(describeDelegationTokenRequest, describeDelegationTokenResponse, describeDelegationToken),
  api(deleteGroupsRequest, deleteGroupsResponse, deleteGroups),
  api(electLeadersRequest, electLeadersResponse, electLeaders),
  api(incrementalAlterConfigsRequest, incrementalAlterConfigsResponse, incrementalAlterConfigs),
  api(alterPartitionReassignmentsRequest, alterPartitionReassignmentsResponse, alterPartitionReassignments),
  api(listPartitionReassignmentsRequest, listPartitionReassignmentsResponse, listPartitionReassignments),
  api(offsetDeleteRequest, offsetDeleteResponse, offsetDelete),
  api(describeClientQuotasRequest, describeClientQuotasResponse, describeClientQuotas),
  api(alterClientQuotasRequest, alterClientQuotasResponse, alterClientQuotas),
  api(
    describeUserScramCredentialsRequest,
    describeUserScramCredentialsResponse,
    describeUserScramCredentials,
  ),
  api(alterUserScramCredentialsRequest, alterUserScramCredentialsResponse, alterUserScramCredentials),
  api(describeQuorumRequest, describeQuorumResponse, describeQuorum),
  api(updateFeaturesRequest, updateFeaturesResponse, updateFeatures),
  api(describeClusterRequest, describeClusterResponse, describeCluster),
  api(describeProducersRequest, describeProducersResponse, describeProducers),
  api(unregisterBrokerRequest, unregisterBrokerResponse, unregisterBroker),
  api(describeTransactionsRequest, describeTransactionsResponse, describeTransactions),
  api(listTransactionsRequest, listTransactionsResponse, listTransactions),
  api(consumerGroupHeartbeatRequest, consumerGroupHeartbeatResponse, consumerGroupHeartbeat),
  api(consumerGroupDescribeRequest, consumerGroupDescribeResponse, consumerGroupDescribe),
  api(listConfigResourcesRequest, listConfigResourcesResponse, listConfigResources),
  api(describeTopicPartitionsRequest, describeTopicPartitionsResponse, describeTopicPartitions),
  api(addRaftVoterRequest, addRaftVoterResponse, addRaftVoter),
  api(removeRaftVoterRequest, removeRaftVoterResponse, removeRaftVoter),
]

/** Every API that this broker answers, by key: what ApiVersions advertises is what stands here. */
export const registry: ReadonlyMap<number, Api> = new Map(apis.map((entry) => [entry.key, entry]))
