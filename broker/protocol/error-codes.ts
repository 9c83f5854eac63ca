/** True: the same request may succeed later. The flag is the one that Kafka's clients go by. */
type Retriable = boolean
const retriable = true
const fatal = false

/** Every code of Kafka 4.3.1, its name in camel case. The messages are ours, for people to read. */
const table = {
  unknownServerError: [-1, fatal, 'The broker met an unexpected error; its log says more.'],
  none: [0, fatal, 'No error.'],
  offsetOutOfRange: [1, fatal, 'The offset lies before the log start or after the log end of the partition.'],
  corruptMessage: [2, retriable, 'The record batch is damaged: its CRC, its size or its layout is wrong.'],
  unknownTopicOrPartition: [3, retriable, 'This broker does not know the topic or partition.'],
  invalidFetchSize: [4, fatal, 'The fetch size is not valid.'],
  leaderNotAvailable: [5, retriable, 'The partition has no leader at the moment; an election is under way.'],
  notLeaderOrFollower: [6, retriable, 'This broker is not the leader, or not a replica, of the partition.'],
  requestTimedOut: [7, retriable, 'The request was not answered within its timeout.'],
  brokerNotAvailable: [8, fatal, 'The broker is not available.'],
  replicaNotAvailable: [9, retriable, 'The replica is not available for the partition.'],
  messageTooLarge: [10, fatal, 'The record batch is larger than max.message.bytes allows.'],
  staleControllerEpoch: [11, fatal, 'The request comes from an older controller epoch.'],
  offsetMetadataTooLarge: [
    12,
    fatal,
    'The metadata of the offset commit is longer than offset.metadata.max.bytes.',
  ],
  networkException: [13, retriable, 'The connection was lost before the response came.'],
  coordinatorLoadInProgress: [14, retriable, 'The coordinator is still loading its state.'],
  coordinatorNotAvailable: [15, retriable, 'The coordinator is not available.'],
  notCoordinator: [16, retriable, 'This broker is not the coordinator for that group or transactional id.'],
  invalidTopicException: [
    17,
    fatal,
    'The topic name is not valid, or the topic does not allow this operation.',
  ],
  recordListTooLarge: [18, fatal, 'The record batch is larger than a segment of the topic.'],
  notEnoughReplicas: [19, retriable, 'Fewer replicas are in sync than min.insync.replicas asks for.'],
  notEnoughReplicasAfterAppend: [
    20,
    retriable,
    'The records were written, but to fewer in-sync replicas than required.',
  ],
  invalidRequiredAcks: [21, fatal, 'acks must be 0, 1 or -1.'],
  illegalGeneration: [22, fatal, 'The generation is not the current one of the group.'],
  inconsistentGroupProtocol: [
    23,
    fatal,
    'The protocols of the member have nothing in common with those of the group, or there are none.',
  ],
  invalidGroupId: [24, fatal, 'The group id is not valid.'],
  unknownMemberId: [25, fatal, 'The coordinator does not know this member.'],
  invalidSessionTimeout: [
    26,
    fatal,
    'The session timeout lies outside group.min.session.timeout.ms to group.max.session.timeout.ms.',
  ],
  rebalanceInProgress: [27, fatal, 'The group is rebalancing; the member has to join again.'],
  invalidCommitOffsetSize: [28, fatal, 'The offset commit is too large.'],
  topicAuthorizationFailed: [29, fatal, 'Not authorized for the topic.'],
  groupAuthorizationFailed: [30, fatal, 'Not authorized for the group.'],
  clusterAuthorizationFailed: [31, fatal, 'Not authorized for the cluster.'],
  invalidTimestamp: [32, fatal, 'The timestamp of a record is out of the range that the topic accepts.'],
  unsupportedSaslMechanism: [33, fatal, 'The SASL mechanism is not enabled on this listener.'],
  illegalSaslState: [34, fatal, 'The request does not fit the state of the SASL exchange.'],
  unsupportedVersion: [35, fatal, 'This version of the API is not supported.'],
  topicAlreadyExists: [36, fatal, 'A topic with this name exists already.'],
  invalidPartitions: [37, fatal, 'The number of partitions is not valid.'],
  invalidReplicationFactor: [38, fatal, 'The replication factor is below 1 or above the number of brokers.'],
  invalidReplicaAssignment: [39, fatal, 'The replica assignment is not valid.'],
  invalidConfig: [40, fatal, 'The configuration is not valid.'],
  notController: [41, retriable, 'This broker is not the controller.'],
  invalidRequest: [42, fatal, 'The request is malformed or contradicts itself.'],
  unsupportedForMessageFormat: [43, fatal, 'The message format of the topic does not allow this request.'],
  policyViolation: [44, fatal, 'The request violates a policy of the cluster.'],
  outOfOrderSequenceNumber: [45, fatal, "The sequence number does not follow the producer's last one."],
  duplicateSequenceNumber: [46, fatal, 'The sequence number was seen before.'],
  invalidProducerEpoch: [47, fatal, 'The producer epoch is older than the current one.'],
  invalidTxnState: [48, fatal, 'The transaction is not in a state that allows this operation.'],
  invalidProducerIdMapping: [49, fatal, 'The producer id does not belong to this transactional id.'],
  invalidTransactionTimeout: [50, fatal, 'The transaction timeout is above transaction.max.timeout.ms.'],
  concurrentTransactions: [51, retriable, 'Another operation on the same transaction is still under way.'],
  transactionCoordinatorFenced: [
    52,
    fatal,
    'The transaction marker comes from a coordinator that has been replaced.',
  ],
  transactionalIdAuthorizationFailed: [53, fatal, 'Not authorized for the transactional id.'],
  securityDisabled: [54, fatal, 'No authorizer is configured, so ACLs cannot be used.'],
  operationNotAttempted: [
    55,
    fatal,
    'The operation was not attempted, because another of the same request failed.',
  ],
  kafkaStorageError: [
    56,
    retriable,
    'The disk failed while the log was read or written; the partition is offline on this broker.',
  ],
  logDirNotFound: [57, fatal, "The log folder is not one of this broker's."],
  saslAuthenticationFailed: [58, fatal, 'SASL authentication failed.'],
  unknownProducerId: [
    59,
    fatal,
    'Nothing is known of this producer id: its records or its state have expired.',
  ],
  reassignmentInProgress: [60, fatal, 'A reassignment of the partition is under way.'],
  delegationTokenAuthDisabled: [61, fatal, 'Delegation tokens are not enabled.'],
  delegationTokenNotFound: [62, fatal, 'The delegation token does not exist.'],
  delegationTokenOwnerMismatch: [63, fatal, 'The principal is neither owner nor renewer of the token.'],
  delegationTokenRequestNotAllowed: [
    64,
    fatal,
    'Delegation token requests need an authenticated connection that did not itself use a token.',
  ],
  delegationTokenAuthorizationFailed: [65, fatal, 'Not authorized for the delegation token.'],
  delegationTokenExpired: [66, fatal, 'The delegation token has expired.'],
  invalidPrincipalType: [67, fatal, 'The principal type is not supported.'],
  nonEmptyGroup: [68, fatal, 'The group still has members.'],
  groupIdNotFound: [69, fatal, 'The group does not exist.'],
  fetchSessionIdNotFound: [70, retriable, 'The fetch session does not exist on this broker.'],
  invalidFetchSessionEpoch: [71, retriable, 'The fetch session epoch is not the expected one.'],
  listenerNotFound: [72, retriable, 'The leader has no listener of the name that the request came in by.'],
  topicDeletionDisabled: [73, fatal, 'Topics cannot be deleted: delete.topic.enable is false.'],
  fencedLeaderEpoch: [74, retriable, "The leader epoch in the request is older than the broker's."],
  unknownLeaderEpoch: [75, retriable, "The leader epoch in the request is newer than the broker's."],
  unsupportedCompressionType: [
    76,
    fatal,
    'The client does not support the compression type of the partition.',
  ],
  staleBrokerEpoch: [77, fatal, 'The broker epoch is not the current one.'],
  offsetNotAvailable: [
    78,
    retriable,
    'The offset is not known yet: the high watermark has to catch up after an election.',
  ],
  memberIdRequired: [79, fatal, 'The member has to join again with the member id in the response.'],
  preferredLeaderNotAvailable: [80, retriable, 'The preferred leader is not available.'],
  groupMaxSizeReached: [81, fatal, 'The group has as many members as group.max.size allows.'],
  fencedInstanceId: [82, fatal, 'Another member with the same group.instance.id has taken over.'],
  eligibleLeadersNotAvailable: [83, retriable, 'None of the eligible leaders of the partition is available.'],
  electionNotNeeded: [84, retriable, 'The partition already has the leader that the election would choose.'],
  noReassignmentInProgress: [85, fatal, 'No reassignment of the partition is under way.'],
  groupSubscribedToTopic: [
    86,
    fatal,
    'The group is subscribed to the topic, so its offsets cannot be deleted.',
  ],
  invalidRecord: [87, fatal, "A record failed the broker's validation."],
  unstableOffsetCommit: [88, retriable, 'The offsets have a pending transaction and are not stable yet.'],
  throttlingQuotaExceeded: [89, retriable, 'A quota is exceeded; try again after the throttle time.'],
  producerFenced: [90, fatal, 'A newer producer with the same transactional id has taken over.'],
  resourceNotFound: [91, fatal, 'The request refers to something that does not exist.'],
  duplicateResource: [92, fatal, 'The request names the same thing twice.'],
  unacceptableCredential: [93, fatal, 'The credential is not acceptable.'],
  inconsistentVoterSet: [94, fatal, 'The sender or the receiver is not a member of the voter set.'],
  invalidUpdateVersion: [95, fatal, 'The update version is not valid.'],
  featureUpdateFailed: [96, fatal, 'The features could not be updated.'],
  principalDeserializationFailure: [97, fatal, 'The principal in a forwarded request cannot be read.'],
  snapshotNotFound: [98, fatal, 'The snapshot does not exist.'],
  positionOutOfRange: [99, fatal, 'The position lies outside the snapshot.'],
  unknownTopicId: [100, retriable, 'This broker does not know the topic id.'],
  duplicateBrokerRegistration: [101, fatal, 'Another broker is registered under this id.'],
  brokerIdNotRegistered: [102, fatal, 'The broker id is not registered.'],
  inconsistentTopicId: [103, retriable, 'The topic id of the log is not the one in the request.'],
  inconsistentClusterId: [104, fatal, "The cluster id in the request is not this cluster's."],
  transactionalIdNotFound: [105, fatal, 'The transactional id does not exist.'],
  fetchSessionTopicIdError: [106, retriable, 'The fetch session mixes topic names and topic ids.'],
  ineligibleReplica: [107, fatal, 'The new isr has a replica that is not eligible.'],
  newLeaderElected: [108, fatal, 'The isr was changed, but the leader is another one by now.'],
  offsetMovedToTieredStorage: [109, fatal, 'The offset has been moved to tiered storage.'],
  fencedMemberEpoch: [
    110,
    fatal,
    'The member epoch is fenced; the member has to give up its partitions and join again.',
  ],
  unreleasedInstanceId: [111, fatal, 'Another member still uses the instance id and has to leave first.'],
  unsupportedAssignor: [112, fatal, 'The group does not support the assignor.'],
  staleMemberEpoch: [
    113,
    fatal,
    'The member epoch is out of date; the next heartbeat brings the current one.',
  ],
  mismatchedEndpointType: [114, fatal, 'The request went to the wrong type of endpoint.'],
  unsupportedEndpointType: [115, fatal, 'This type of endpoint is not supported.'],
  unknownControllerId: [116, fatal, 'The controller id is not known.'],
  unknownSubscriptionId: [117, fatal, 'The telemetry subscription is not valid or out of date.'],
  telemetryTooLarge: [118, fatal, 'The telemetry is larger than the broker accepts.'],
  invalidRegistration: [119, fatal, "The controller did not accept the broker's registration."],
  transactionAbortable: [120, fatal, 'The transaction failed and can only be aborted.'],
  invalidRecordState: [121, fatal, 'The record is not in a state that allows this acknowledgement.'],
  shareSessionNotFound: [122, retriable, 'The share session does not exist on this broker.'],
  invalidShareSessionEpoch: [123, retriable, 'The share session epoch is not the expected one.'],
  fencedStateEpoch: [124, fatal, 'The state epoch of the share group is not the current one.'],
  invalidVoterKey: [125, fatal, "The voter's key is not the one of the receiving replica."],
  duplicateVoter: [126, fatal, 'The voter is a member of the voter set already.'],
  voterNotFound: [127, fatal, 'The voter is not a member of the voter set.'],
  invalidRegularExpression: [128, fatal, 'The regular expression is not valid.'],
  rebootstrapRequired: [129, fatal, "The client's metadata is too old; it has to bootstrap again."],
  streamsInvalidTopology: [130, fatal, 'The topology is not valid.'],
  streamsInvalidTopologyEpoch: [131, fatal, 'The topology epoch is not valid.'],
  streamsTopologyFenced: [132, fatal, 'The topology epoch is out of date.'],
  shareSessionLimitReached: [133, retriable, 'This broker has as many share sessions as it allows.'],
} as const satisfies Record<string, readonly [code: number, retriable: Retriable, message: string]>

type Table = typeof table

/** The numbers: `errorCode.unknownTopicOrPartition` is 3. */
export const errorCode = numbersOf(table)

export interface KafkaError {
  readonly code: number
  /** Kafka's name, such as 'UNKNOWN_TOPIC_OR_PARTITION'. */
  readonly name: string
  readonly message: string
  readonly retriable: boolean
}

const errorsByCode: ReadonlyMap<number, KafkaError> = new Map(
  Object.entries(table).map(([key, [code, isRetriable, message]]) => [
    code,
    { code, name: kafkaName(key), message, retriable: isRetriable },
  ]),
)

/** Name, message and retriability of a code. A code that Kafka 4.3.1 lacks is an UNKNOWN_SERVER_ERROR. */
export function errorOf(code: number): KafkaError {
  return errorsByCode.get(code) ?? errorsByCode.get(errorCode.unknownServerError)!
}

/** All errors, from -1 up. */
export function allErrors(): KafkaError[] {
  return [...errorsByCode.values()]
}

function kafkaName(key: string): string {
  return key.replace(/[A-Z]/g, (letter) => `_${letter}`).toUpperCase()
}

/** `Object.fromEntries` forgets which key has which number; the table knows. */
function numbersOf(errors: Table): { readonly [K in keyof Table]: Table[K][0] } {
  const numbers = Object.fromEntries(Object.entries(errors).map(([key, [code]]) => [key, code]))
  return numbers as { readonly [K in keyof Table]: Table[K][0] }
}
