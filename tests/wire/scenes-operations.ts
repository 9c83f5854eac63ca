import {
  saslHandshakeRequest,
  saslHandshakeResponse,
} from '../../broker/protocol/schemas/17-sasl-handshake.ts'
import {
  writeTxnMarkersRequest,
  writeTxnMarkersResponse,
} from '../../broker/protocol/schemas/27-write-txn-markers.ts'
import {
  alterReplicaLogDirsRequest,
  alterReplicaLogDirsResponse,
} from '../../broker/protocol/schemas/34-alter-replica-log-dirs.ts'
import {
  saslAuthenticateRequest,
  saslAuthenticateResponse,
} from '../../broker/protocol/schemas/36-sasl-authenticate.ts'
import {
  createDelegationTokenRequest,
  createDelegationTokenResponse,
} from '../../broker/protocol/schemas/38-create-delegation-token.ts'
import {
  renewDelegationTokenRequest,
  renewDelegationTokenResponse,
} from '../../broker/protocol/schemas/39-renew-delegation-token.ts'
import {
  expireDelegationTokenRequest,
  expireDelegationTokenResponse,
} from '../../broker/protocol/schemas/40-expire-delegation-token.ts'
import {
  describeDelegationTokenRequest,
  describeDelegationTokenResponse,
} from '../../broker/protocol/schemas/41-describe-delegation-token.ts'
import {
  alterPartitionReassignmentsRequest,
  alterPartitionReassignmentsResponse,
} from '../../broker/protocol/schemas/45-alter-partition-reassignments.ts'
import {
  listPartitionReassignmentsRequest,
  listPartitionReassignmentsResponse,
} from '../../broker/protocol/schemas/46-list-partition-reassignments.ts'
import {
  describeClientQuotasRequest,
  describeClientQuotasResponse,
} from '../../broker/protocol/schemas/48-describe-client-quotas.ts'
import {
  alterClientQuotasRequest,
  alterClientQuotasResponse,
} from '../../broker/protocol/schemas/49-alter-client-quotas.ts'
import {
  describeUserScramCredentialsRequest,
  describeUserScramCredentialsResponse,
} from '../../broker/protocol/schemas/50-describe-user-scram-credentials.ts'
import {
  alterUserScramCredentialsRequest,
  alterUserScramCredentialsResponse,
} from '../../broker/protocol/schemas/51-alter-user-scram-credentials.ts'
import {
  describeQuorumRequest,
  describeQuorumResponse,
} from '../../broker/protocol/schemas/55-describe-quorum.ts'
import {
  updateFeaturesRequest,
  updateFeaturesResponse,
} from '../../broker/protocol/schemas/57-update-features.ts'
import {
  unregisterBrokerRequest,
  unregisterBrokerResponse,
} from '../../broker/protocol/schemas/64-unregister-broker.ts'
import {
  getTelemetrySubscriptionsRequest,
  getTelemetrySubscriptionsResponse,
} from '../../broker/protocol/schemas/71-get-telemetry-subscriptions.ts'
import {
  pushTelemetryRequest,
  pushTelemetryResponse,
} from '../../broker/protocol/schemas/72-push-telemetry.ts'
import { everyVersion, type Stage } from './stage.ts'

const user = [{ entityType: 'user', entityName: 'ann' }]

/** Quotas and credentials, on a broker without an authorizer. */
export async function playSecurity(stage: Stage): Promise<void> {
  const ops = [{ key: 'producer_byte_rate', value: 2048, remove: false }]
  const password = { salt: Buffer.from('salt'), saltedPassword: Buffer.alloc(32, 7) }
  await everyVersion(stage, alterClientQuotasRequest, alterClientQuotasResponse, () => ({
    entries: [
      { entity: user, ops },
      { entity: [{ entityType: 'user', entityName: 'bob' }], ops: [{ ...ops[0]!, key: 'no_such_quota' }] },
    ],
    validateOnly: false,
  }))
  await everyVersion(stage, describeClientQuotasRequest, describeClientQuotasResponse, () => ({
    components: [{ entityType: 'user', matchType: 2, match: null }],
    strict: false,
  }))
  await everyVersion(stage, alterUserScramCredentialsRequest, alterUserScramCredentialsResponse, () => ({
    deletions: [{ name: 'missing', mechanism: 1 }],
    upsertions: [{ name: 'ann', mechanism: 1, iterations: 4096, ...password }],
  }))
  await everyVersion(
    stage,
    describeUserScramCredentialsRequest,
    describeUserScramCredentialsResponse,
    () => ({
      users: [{ name: 'ann' }, { name: 'missing' }],
    }),
  )
  const hmac = Buffer.alloc(32, 1)
  await everyVersion(stage, createDelegationTokenRequest, createDelegationTokenResponse, () => ({
    ownerPrincipalType: null,
    ownerPrincipalName: null,
    renewers: [],
    maxLifetimeMs: -1,
  }))
  await everyVersion(stage, renewDelegationTokenRequest, renewDelegationTokenResponse, () => ({
    hmac,
    renewPeriodMs: 1000,
  }))
  await everyVersion(stage, expireDelegationTokenRequest, expireDelegationTokenResponse, () => ({
    hmac,
    expiryTimePeriodMs: 1000,
  }))
  await everyVersion(stage, describeDelegationTokenRequest, describeDelegationTokenResponse, () => ({
    owners: null,
  }))
  await everyVersion(stage, saslHandshakeRequest, saslHandshakeResponse, () => ({ mechanism: 'PLAIN' }))
  await everyVersion(stage, saslAuthenticateRequest, saslAuthenticateResponse, () => ({
    authBytes: Buffer.alloc(0),
  }))
}

/** What moves replicas and changes the cluster itself; refused wherever it would really change something. */
export async function playOperations(stage: Stage): Promise<void> {
  const { topic } = stage
  await everyVersion(stage, alterReplicaLogDirsRequest, alterReplicaLogDirsResponse, () => ({
    dirs: [{ path: '/no/such/folder', topics: [{ name: topic, partitions: [0] }] }],
  }))
  await everyVersion(stage, alterPartitionReassignmentsRequest, alterPartitionReassignmentsResponse, () => ({
    topics: [
      {
        name: topic,
        partitions: [
          { partitionIndex: 0, replicas: [1] },
          { partitionIndex: 1, replicas: [7] },
          { partitionIndex: 2 },
        ],
      },
    ],
  }))
  await everyVersion(stage, listPartitionReassignmentsRequest, listPartitionReassignmentsResponse, () => ({}))
  await everyVersion(stage, describeQuorumRequest, describeQuorumResponse, () => ({
    topics: [{ topicName: '__cluster_metadata', partitions: [{ partitionIndex: 0 }] }],
  }))
  await everyVersion(stage, updateFeaturesRequest, updateFeaturesResponse, (version) => ({
    featureUpdates: [
      { feature: 'group.version', maxVersionLevel: 1 },
      { feature: version > 1 ? 'group.version' : 'no.such.feature', maxVersionLevel: 99 },
    ],
    validateOnly: true,
  }))
  await everyVersion(stage, unregisterBrokerRequest, unregisterBrokerResponse, () => ({ brokerId: 99 }))
  await everyVersion(stage, writeTxnMarkersRequest, writeTxnMarkersResponse, () => ({
    markers: [
      {
        producerId: 900,
        producerEpoch: 0,
        transactionResult: false,
        topics: [{ name: topic, partitionIndexes: [2, 99] }],
        coordinatorEpoch: 0,
      },
    ],
  }))
  const clientInstanceId = 'AAAAAAAAAAAAAAAAAAAABQ'
  await everyVersion(stage, getTelemetrySubscriptionsRequest, getTelemetrySubscriptionsResponse, () => ({
    clientInstanceId,
  }))
  await everyVersion(stage, pushTelemetryRequest, pushTelemetryResponse, () => ({
    clientInstanceId,
    subscriptionId: 1,
    terminating: false,
    compressionType: 0,
    metrics: Buffer.alloc(0),
  }))
}
