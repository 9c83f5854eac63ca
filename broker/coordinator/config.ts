/** How `group.consumer.migration.policy` lets a group change its protocol while members are in it. */
export type MigrationPolicy = 'bidirectional' | 'upgrade' | 'downgrade' | 'disabled'

/** The broker settings the group coordinator reads; names are Kafka's in camel case. */
export type GroupCoordinatorConfig = {
  /** group.initial.rebalance.delay.ms */
  readonly initialRebalanceDelayMs: number
  /** group.min.session.timeout.ms */
  readonly minSessionTimeoutMs: number
  /** group.max.session.timeout.ms */
  readonly maxSessionTimeoutMs: number
  /** group.max.size */
  readonly maxSize: number
  /** offset.metadata.max.bytes */
  readonly offsetMetadataMaxBytes: number
  /** offsets.retention.minutes, in milliseconds */
  readonly offsetsRetentionMs: number
  /** offsets.retention.check.interval.ms */
  readonly offsetsRetentionCheckIntervalMs: number
  /** offsets.topic.num.partitions */
  readonly offsetsTopicNumPartitions: number
  /** group.consumer.session.timeout.ms */
  readonly consumerSessionTimeoutMs: number
  /** group.consumer.heartbeat.interval.ms */
  readonly consumerHeartbeatIntervalMs: number
  /** group.consumer.max.size */
  readonly consumerMaxSize: number
  /** group.consumer.assignors, the first is the default */
  readonly consumerAssignors: readonly string[]
  /** group.consumer.migration.policy */
  readonly consumerMigrationPolicy: MigrationPolicy
  /** group.consumer.regex.refresh.interval.ms */
  readonly consumerRegexRefreshIntervalMs: number
}

const maxIntValue = 2 ** 31 - 1

/** Kafka 4.3's defaults, but for the initial rebalance delay, which a sandbox wants at 0 (Kafka: 3000). */
export const defaultGroupCoordinatorConfig: GroupCoordinatorConfig = {
  initialRebalanceDelayMs: 0,
  minSessionTimeoutMs: 6_000,
  maxSessionTimeoutMs: 1_800_000,
  maxSize: maxIntValue,
  offsetMetadataMaxBytes: 4_096,
  offsetsRetentionMs: 10_080 * 60_000,
  offsetsRetentionCheckIntervalMs: 600_000,
  offsetsTopicNumPartitions: 50,
  consumerSessionTimeoutMs: 45_000,
  consumerHeartbeatIntervalMs: 5_000,
  consumerMaxSize: maxIntValue,
  consumerAssignors: ['uniform', 'range'],
  consumerMigrationPolicy: 'bidirectional',
  consumerRegexRefreshIntervalMs: 600_000,
}
