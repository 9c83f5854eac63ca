import { brokerConfigs } from '../../../broker/core/config/broker-configs.ts'
import { groupConfigs } from '../../../broker/core/config/group-configs.ts'
import type { MeantDifference } from './compare.ts'

/** A path inside the entry of a config that `names` lacks. */
function lacks(resource: string, names: readonly string[]): RegExp {
  const listed = names.map((name) => name.replaceAll('.', '\\.')).join('|')
  return new RegExp(`^results\\[${resource}\\]\\.configs(\\.length|\\[(?!(${listed})\\])[^\\]]+\\])`)
}

function config(...names: string[]): RegExp {
  return new RegExp(`configs\\[(${names.map((name) => name.replaceAll('.', '\\.')).join('|')})\\]`)
}

/** Where our answers differ from Kafka's on purpose. What is not a plain fact of a node stands in GAPS.md. */
export const meantDifferences: readonly MeantDifference[] = [
  {
    path: lacks('4 1', Object.keys(brokerConfigs)),
    reason: 'A broker config that would not act here is not listed.',
    gap: 'A broker config that would not act here is refused',
  },
  {
    path: lacks('32 g', Object.keys(groupConfigs)),
    reason: 'There are no share and streams groups yet, so their configs are not listed.',
    gap: 'Share groups, streams groups',
  },
  {
    step: /an unknown operation/,
    path: /errorCode/,
    reason: 'Kafka fails inside and answers UNKNOWN_SERVER_ERROR; INVALID_REQUEST says whose fault it is.',
    gap: 'Where Kafka fails inside',
  },
  {
    path: config(
      'advertised.listeners',
      'listeners',
      'listener.security.protocol.map',
      'log.dir',
      'log.dirs',
    ),
    reason: 'Each broker has its own addresses and folders; they cannot be changed here while it runs.',
    gap: 'Listeners, log folders and node id cannot be changed while it runs',
  },
  {
    path: config('broker.id', 'node.id', 'process.roles'),
    reason: 'Kafka needs them in its properties file, here the node knows them.',
  },
  {
    path: config(
      'group.initial.rebalance.delay.ms',
      'offsets.topic.replication.factor',
      'transaction.state.log.replication.factor',
      'transaction.state.log.min.isr',
    ),
    reason: 'A sandbox waits for nobody (0, Kafka 3000) and has one node (1, Kafka 3).',
    gap: '`group.initial.rebalance.delay.ms` is 0',
  },
  {
    path: config('group.coordinator.rebalance.protocols'),
    reason: 'There are no streams groups yet.',
    gap: 'Share groups, streams groups',
  },
  {
    path: config('offsets.topic.num.partitions', 'transaction.state.log.num.partitions'),
    reason: 'The Kafka of the test is told what is the default, or less.',
  },
  {
    step: /^(CreatePartitions|DeleteTopics).*of the offsets/,
    path: /errorCode|^responses/,
    reason:
      'Kafka lets a client grow or delete its topic of offsets, and every group loses its place; refused here.',
    gap: '`__consumer_offsets` can be neither deleted nor grown',
  },
  {
    step: /^DescribeQuorum/,
    path: /replicaDirectoryId$/,
    reason: 'The quorum of one node is dynamic (kraft.version 1), that of the Kafka of the test is static.',
  },
  {
    step: /^DescribeQuorum/,
    path: /(logEndOffset|highWatermark|leaderEpoch|lastFetchTimestamp|lastCaughtUpTimestamp)$/,
    reason: 'Each metadata log has its own length, and Kafka elects itself a few times at its start.',
  },
  {
    step: /^DescribeQuorum/,
    path: /^nodes\[\]\.listeners/,
    reason: 'The controller has no listener of its own: it answers on the one that there is.',
  },
]
