import {
  arrayOf,
  bool,
  bytes,
  float64,
  int8,
  int16,
  int32,
  int64,
  message,
  string,
  uint16,
  uuid,
} from '../fields.ts'

export const registerBrokerRecord = message(
  { name: 'RegisterBrokerRecord', apiKey: 0, versions: '0-4', flexible: '0+' },
  {
    brokerId: int32(),
    isMigratingZkBroker: bool('2+', { default: false }),
    incarnationId: uuid(),
    brokerEpoch: int64(),
    endPoints: arrayOf({ name: string(), host: string(), port: uint16(), securityProtocol: int16() }),
    features: arrayOf({ name: string(), minSupportedVersion: int16(), maxSupportedVersion: int16() }),
    rack: string('0+', { nullable: '0+' }),
    fenced: bool('0+', { default: true }),
    inControlledShutdown: bool('1+', { default: false }),
    logDirs: arrayOf(uuid(), '3+', { tag: 0 }),
    cordonedLogDirs: arrayOf(uuid(), '4+', { nullable: '0+', tag: 1, default: null }),
  },
)

export const unregisterBrokerRecord = message(
  { name: 'UnregisterBrokerRecord', apiKey: 1, versions: '0', flexible: '0+' },
  { brokerId: int32(), brokerEpoch: int64() },
)

export const topicRecord = message(
  { name: 'TopicRecord', apiKey: 2, versions: '0', flexible: '0+' },
  { name: string(), topicId: uuid() },
)

export const partitionRecord = message(
  { name: 'PartitionRecord', apiKey: 3, versions: '0-2', flexible: '0+' },
  {
    partitionId: int32('0+', { default: -1 }),
    topicId: uuid(),
    replicas: arrayOf(int32()),
    isr: arrayOf(int32()),
    removingReplicas: arrayOf(int32()),
    addingReplicas: arrayOf(int32()),
    leader: int32('0+', { default: -1 }),
    leaderRecoveryState: int8('0+', { tag: 0, default: 0 }),
    leaderEpoch: int32('0+', { default: -1 }),
    partitionEpoch: int32('0+', { default: -1 }),
    directories: arrayOf(uuid(), '1+'),
    eligibleLeaderReplicas: arrayOf(int32(), '2+', { nullable: '0+', tag: 1, default: null }),
    lastKnownElr: arrayOf(int32(), '2+', { nullable: '0+', tag: 2, default: null }),
  },
)

export const configRecord = message(
  { name: 'ConfigRecord', apiKey: 4, versions: '0', flexible: '0+' },
  { resourceType: int8(), resourceName: string(), name: string(), value: string('0+', { nullable: '0+' }) },
)

export const partitionChangeRecord = message(
  { name: 'PartitionChangeRecord', apiKey: 5, versions: '0-2', flexible: '0+' },
  {
    partitionId: int32('0+', { default: -1 }),
    topicId: uuid(),
    isr: arrayOf(int32(), '0+', { nullable: '0+', tag: 0, default: null }),
    leader: int32('0+', { tag: 1, default: -2 }),
    replicas: arrayOf(int32(), '0+', { nullable: '0+', tag: 2, default: null }),
    removingReplicas: arrayOf(int32(), '0+', { nullable: '0+', tag: 3, default: null }),
    addingReplicas: arrayOf(int32(), '0+', { nullable: '0+', tag: 4, default: null }),
    leaderRecoveryState: int8('0+', { tag: 5, default: -1 }),
    directories: arrayOf(uuid(), '1+', { nullable: '0+', tag: 8, default: null }),
    eligibleLeaderReplicas: arrayOf(int32(), '2+', { nullable: '0+', tag: 6, default: null }),
    lastKnownElr: arrayOf(int32(), '2+', { nullable: '0+', tag: 7, default: null }),
  },
)

export const fenceBrokerRecord = message(
  { name: 'FenceBrokerRecord', apiKey: 7, versions: '0', flexible: '0+' },
  { id: int32(), epoch: int64() },
)

export const unfenceBrokerRecord = message(
  { name: 'UnfenceBrokerRecord', apiKey: 8, versions: '0', flexible: '0+' },
  { id: int32(), epoch: int64() },
)

export const removeTopicRecord = message(
  { name: 'RemoveTopicRecord', apiKey: 9, versions: '0', flexible: '0+' },
  { topicId: uuid() },
)

export const delegationTokenRecord = message(
  { name: 'DelegationTokenRecord', apiKey: 10, versions: '0', flexible: '0+' },
  {
    owner: string(),
    requester: string(),
    renewers: arrayOf(string()),
    issueTimestamp: int64(),
    maxTimestamp: int64(),
    expirationTimestamp: int64(),
    tokenId: string(),
  },
)

export const userScramCredentialRecord = message(
  { name: 'UserScramCredentialRecord', apiKey: 11, versions: '0', flexible: '0+' },
  {
    name: string(),
    mechanism: int8(),
    salt: bytes(),
    storedKey: bytes(),
    serverKey: bytes(),
    iterations: int32(),
  },
)

export const featureLevelRecord = message(
  { name: 'FeatureLevelRecord', apiKey: 12, versions: '0', flexible: '0+' },
  { name: string(), featureLevel: int16() },
)

export const clientQuotaRecord = message(
  { name: 'ClientQuotaRecord', apiKey: 14, versions: '0', flexible: '0+' },
  {
    entity: arrayOf({ entityType: string(), entityName: string('0+', { nullable: '0+' }) }),
    key: string(),
    value: float64(),
    remove: bool(),
  },
)

export const producerIdsRecord = message(
  { name: 'ProducerIdsRecord', apiKey: 15, versions: '0', flexible: '0+' },
  { brokerId: int32(), brokerEpoch: int64('0+', { default: -1 }), nextProducerId: int64() },
)

export const brokerRegistrationChangeRecord = message(
  { name: 'BrokerRegistrationChangeRecord', apiKey: 17, versions: '0-3', flexible: '0+' },
  {
    brokerId: int32(),
    brokerEpoch: int64(),
    fenced: int8('0+', { tag: 0 }),
    inControlledShutdown: int8('1+', { tag: 1 }),
    logDirs: arrayOf(uuid(), '2+', { tag: 2 }),
    cordonedLogDirs: arrayOf(uuid(), '3+', { nullable: '0+', tag: 3, default: null }),
  },
)

export const accessControlEntryRecord = message(
  { name: 'AccessControlEntryRecord', apiKey: 18, versions: '0', flexible: '0+' },
  {
    id: uuid(),
    resourceType: int8(),
    resourceName: string(),
    patternType: int8(),
    principal: string(),
    host: string(),
    operation: int8(),
    permissionType: int8(),
  },
)

export const removeAccessControlEntryRecord = message(
  { name: 'RemoveAccessControlEntryRecord', apiKey: 19, versions: '0', flexible: '0+' },
  { id: uuid() },
)

export const noOpRecord = message({ name: 'NoOpRecord', apiKey: 20, versions: '0', flexible: '0+' }, {})

export const zkMigrationStateRecord = message(
  { name: 'ZkMigrationStateRecord', apiKey: 21, versions: '0', flexible: '0+' },
  { zkMigrationState: int8() },
)

export const removeUserScramCredentialRecord = message(
  { name: 'RemoveUserScramCredentialRecord', apiKey: 22, versions: '0', flexible: '0+' },
  { name: string(), mechanism: int8() },
)

export const beginTransactionRecord = message(
  { name: 'BeginTransactionRecord', apiKey: 23, versions: '0', flexible: '0+' },
  { name: string('0+', { nullable: '0+', tag: 0, default: null }) },
)

export const endTransactionRecord = message(
  { name: 'EndTransactionRecord', apiKey: 24, versions: '0', flexible: '0+' },
  {},
)

export const abortTransactionRecord = message(
  { name: 'AbortTransactionRecord', apiKey: 25, versions: '0', flexible: '0+' },
  { reason: string('0+', { nullable: '0+', tag: 0, default: null }) },
)

export const removeDelegationTokenRecord = message(
  { name: 'RemoveDelegationTokenRecord', apiKey: 26, versions: '0', flexible: '0+' },
  { tokenId: string() },
)

export const registerControllerRecord = message(
  { name: 'RegisterControllerRecord', apiKey: 27, versions: '0', flexible: '0+' },
  {
    controllerId: int32(),
    incarnationId: uuid(),
    zkMigrationReady: bool(),
    endPoints: arrayOf({ name: string(), host: string(), port: uint16(), securityProtocol: int16() }),
    features: arrayOf({ name: string(), minSupportedVersion: int16(), maxSupportedVersion: int16() }),
  },
)

export const clearElrRecord = message(
  { name: 'ClearElrRecord', apiKey: 28, versions: '0', flexible: '0+' },
  { topicName: string() },
)
