import {
  alterReplicaLogDirsRequest,
  alterReplicaLogDirsResponse,
} from '../../protocol/schemas/34-alter-replica-log-dirs.ts'
import {
  describeLogDirsRequest,
  describeLogDirsResponse,
} from '../../protocol/schemas/35-describe-log-dirs.ts'
import { electLeadersRequest, electLeadersResponse } from '../../protocol/schemas/43-elect-leaders.ts'
import {
  alterPartitionReassignmentsRequest,
  alterPartitionReassignmentsResponse,
} from '../../protocol/schemas/45-alter-partition-reassignments.ts'
import {
  listPartitionReassignmentsRequest,
  listPartitionReassignmentsResponse,
} from '../../protocol/schemas/46-list-partition-reassignments.ts'
import {
  describeClientQuotasRequest,
  describeClientQuotasResponse,
} from '../../protocol/schemas/48-describe-client-quotas.ts'
import {
  alterClientQuotasRequest,
  alterClientQuotasResponse,
} from '../../protocol/schemas/49-alter-client-quotas.ts'
import { describeQuorumRequest, describeQuorumResponse } from '../../protocol/schemas/55-describe-quorum.ts'
import { updateFeaturesRequest, updateFeaturesResponse } from '../../protocol/schemas/57-update-features.ts'
import {
  describeClusterRequest,
  describeClusterResponse,
} from '../../protocol/schemas/60-describe-cluster.ts'
import {
  unregisterBrokerRequest,
  unregisterBrokerResponse,
} from '../../protocol/schemas/64-unregister-broker.ts'
import { addRaftVoterRequest, addRaftVoterResponse } from '../../protocol/schemas/80-add-raft-voter.ts'
import {
  removeRaftVoterRequest,
  removeRaftVoterResponse,
} from '../../protocol/schemas/81-remove-raft-voter.ts'
import { alterReplicaLogDirs } from '../34-alter-replica-log-dirs.ts'
import { describeLogDirs } from '../35-describe-log-dirs.ts'
import { electLeaders } from '../43-elect-leaders.ts'
import { alterPartitionReassignments } from '../45-alter-partition-reassignments.ts'
import { listPartitionReassignments } from '../46-list-partition-reassignments.ts'
import { describeClientQuotas } from '../48-describe-client-quotas.ts'
import { alterClientQuotas } from '../49-alter-client-quotas.ts'
import { describeQuorum } from '../55-describe-quorum.ts'
import { updateFeatures } from '../57-update-features.ts'
import { describeCluster } from '../60-describe-cluster.ts'
import { unregisterBroker } from '../64-unregister-broker.ts'
import { addRaftVoter } from '../80-add-raft-voter.ts'
import { removeRaftVoter } from '../81-remove-raft-voter.ts'
import { type ApiHandler, apiHandler } from '../api.ts'

/** The cluster: log directories, elections, reassignments, quotas, the quorum. */
export const cluster: readonly ApiHandler[] = [
  apiHandler(alterReplicaLogDirsRequest, alterReplicaLogDirsResponse, alterReplicaLogDirs),
  apiHandler(describeLogDirsRequest, describeLogDirsResponse, describeLogDirs),
  apiHandler(electLeadersRequest, electLeadersResponse, electLeaders),
  apiHandler(
    alterPartitionReassignmentsRequest,
    alterPartitionReassignmentsResponse,
    alterPartitionReassignments,
  ),
  apiHandler(
    listPartitionReassignmentsRequest,
    listPartitionReassignmentsResponse,
    listPartitionReassignments,
  ),
  apiHandler(describeClientQuotasRequest, describeClientQuotasResponse, describeClientQuotas),
  apiHandler(alterClientQuotasRequest, alterClientQuotasResponse, alterClientQuotas),
  apiHandler(describeQuorumRequest, describeQuorumResponse, describeQuorum),
  apiHandler(updateFeaturesRequest, updateFeaturesResponse, updateFeatures),
  apiHandler(describeClusterRequest, describeClusterResponse, describeCluster),
  apiHandler(unregisterBrokerRequest, unregisterBrokerResponse, unregisterBroker),
  apiHandler(addRaftVoterRequest, addRaftVoterResponse, addRaftVoter),
  apiHandler(removeRaftVoterRequest, removeRaftVoterResponse, removeRaftVoter),
]
