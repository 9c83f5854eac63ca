import { parseVersions, type Versions } from '../protocol/versions.ts'

/** APIs whose code is loaded together: a file of this name in `families`. */
export type ApiFamily =
  | 'bootstrap'
  | 'records'
  | 'groups'
  | 'transactions'
  | 'topics'
  | 'cluster'
  | 'security'

/** One API as the broker offers it. */
export type OfferedApi = {
  readonly key: number
  /** Kafka's name, such as 'Produce'. */
  readonly name: string
  readonly minVersion: number
  readonly maxVersion: number
  /** What ApiVersions says; lower than `minVersion` where clients need it so. */
  readonly advertisedMinVersion: number
  readonly family: ApiFamily
}

type Row = readonly [
  key: number,
  name: string,
  versions: Versions,
  family: ApiFamily,
  advertisedMinVersion?: number,
]

// Produce: librdkafka takes a broker that does not name v0 for one without Produce (KAFKA-18659); v0-2 are refused.
// biome-ignore format: a table
const table: readonly Row[] = [
  [ 0, 'Produce',                       '3-13', 'records', 0],
  [ 1, 'Fetch',                         '4-18', 'records'],
  [ 2, 'ListOffsets',                   '1-11', 'records'],
  [ 3, 'Metadata',                      '0-13', 'bootstrap'],
  [ 8, 'OffsetCommit',                  '2-10', 'groups'],
  [ 9, 'OffsetFetch',                   '1-10', 'groups'],
  [10, 'FindCoordinator',               '0-6',  'groups'],
  [11, 'JoinGroup',                     '0-9',  'groups'],
  [12, 'Heartbeat',                     '0-4',  'groups'],
  [13, 'LeaveGroup',                    '0-5',  'groups'],
  [14, 'SyncGroup',                     '0-5',  'groups'],
  [15, 'DescribeGroups',                '0-6',  'groups'],
  [16, 'ListGroups',                    '0-5',  'groups'],
  [17, 'SaslHandshake',                 '0-1',  'security'],
  [18, 'ApiVersions',                   '0-4',  'bootstrap'],
  [19, 'CreateTopics',                  '2-7',  'topics'],
  [20, 'DeleteTopics',                  '1-6',  'topics'],
  [21, 'DeleteRecords',                 '0-2',  'records'],
  [22, 'InitProducerId',                '0-5',  'records'],
  [23, 'OffsetForLeaderEpoch',          '2-4',  'records'],
  [24, 'AddPartitionsToTxn',            '0-5',  'transactions'],
  [25, 'AddOffsetsToTxn',               '0-4',  'transactions'],
  [26, 'EndTxn',                        '0-5',  'transactions'],
  [27, 'WriteTxnMarkers',               '1-2',  'transactions'],
  [28, 'TxnOffsetCommit',               '0-5',  'transactions'],
  [29, 'DescribeAcls',                  '1-3',  'security'],
  [30, 'CreateAcls',                    '1-3',  'security'],
  [31, 'DeleteAcls',                    '1-3',  'security'],
  [32, 'DescribeConfigs',               '1-4',  'topics'],
  [33, 'AlterConfigs',                  '0-2',  'topics'],
  [34, 'AlterReplicaLogDirs',           '1-2',  'cluster'],
  [35, 'DescribeLogDirs',               '1-5',  'cluster'],
  [36, 'SaslAuthenticate',              '0-2',  'security'],
  [37, 'CreatePartitions',              '0-3',  'topics'],
  [38, 'CreateDelegationToken',         '1-3',  'security'],
  [39, 'RenewDelegationToken',          '1-2',  'security'],
  [40, 'ExpireDelegationToken',         '1-2',  'security'],
  [41, 'DescribeDelegationToken',       '1-3',  'security'],
  [42, 'DeleteGroups',                  '0-2',  'groups'],
  [43, 'ElectLeaders',                  '0-2',  'cluster'],
  [44, 'IncrementalAlterConfigs',       '0-1',  'topics'],
  [45, 'AlterPartitionReassignments',   '0-1',  'cluster'],
  [46, 'ListPartitionReassignments',    '0',    'cluster'],
  [47, 'OffsetDelete',                  '0',    'groups'],
  [48, 'DescribeClientQuotas',          '0-1',  'cluster'],
  [49, 'AlterClientQuotas',             '0-1',  'cluster'],
  [50, 'DescribeUserScramCredentials',  '0',    'security'],
  [51, 'AlterUserScramCredentials',     '0',    'security'],
  [55, 'DescribeQuorum',                '0-2',  'cluster'],
  [57, 'UpdateFeatures',                '0-2',  'cluster'],
  [60, 'DescribeCluster',               '0-2',  'cluster'],
  [61, 'DescribeProducers',             '0',    'transactions'],
  [64, 'UnregisterBroker',              '0',    'cluster'],
  [65, 'DescribeTransactions',          '0',    'transactions'],
  [66, 'ListTransactions',              '0-2',  'transactions'],
  [68, 'ConsumerGroupHeartbeat',        '0-1',  'groups'],
  [69, 'ConsumerGroupDescribe',         '0-1',  'groups'],
  [74, 'ListConfigResources',           '0-1',  'topics'],
  [75, 'DescribeTopicPartitions',       '0',    'topics'],
  [80, 'AddRaftVoter',                  '0-1',  'cluster'],
  [81, 'RemoveRaftVoter',               '0',    'cluster'],
]

/**
 * What this broker speaks, by API key: ApiVersions tells just this. It stands apart from the messages and handlers,
 * which are loaded by family when the first request calls for one; a test holds it to what they say.
 */
export const offeredApis: ReadonlyMap<number, OfferedApi> = new Map(
  table.map(([key, name, versions, family, advertisedMinVersion]) => {
    const { min: minVersion, max: maxVersion } = parseVersions(versions)
    const lowest = advertisedMinVersion ?? minVersion
    return [key, { key, name, minVersion, maxVersion, advertisedMinVersion: lowest, family }]
  }),
)
