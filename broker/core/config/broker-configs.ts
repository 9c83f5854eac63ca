import { brokerGroupConfigs } from './broker-group-configs.ts'
import { brokerLogConfigs } from './broker-log-configs.ts'
import { brokerTransactionConfigs } from './broker-transaction-configs.ts'
import type { ConfigTable, ConfigValues } from './definition.ts'
import { boolean, int, list, long, maxInt, nullableList, nullableString, string } from './definition.ts'
import { atLeast, connectionsPerIp, listOf, withoutTieredStorage } from './validator.ts'

const brokerServerConfigs = {
  'advertised.listeners': nullableList(
    'The address handed to clients, PLAINTEXT://host:port. Unset, each client gets the address it reached.',
  ),
  'authorizer.class.name': string('', 'Always empty: there are no acls here.'),
  'auto.create.topics.enable': boolean(true, 'Creates a topic when a client first asks for it.'),
  'broker.id': int(-1, 'The same as node.id.'),
  'broker.rack': nullableString('The rack of this broker, as told to clients.'),
  'connections.max.idle.ms': long(
    600_000,
    'Closes a connection that was silent for this long; a negative value never does.',
  ),
  'controller.quota.window.num': int(11, 'Samples that controller_mutation_rate is measured over.', {
    validate: atLeast(1),
  }),
  'controller.quota.window.size.seconds': int(
    1,
    'Length of a sample of controller_mutation_rate, in seconds.',
    { validate: atLeast(1) },
  ),
  'default.replication.factor': int(1, 'Replicas of a topic that does not say how many.'),
  'delete.topic.enable': boolean(true, 'Allows topics to be deleted.'),
  'fetch.max.bytes': int(57_671_680, 'The most bytes in one fetch response.', { validate: atLeast(1024) }),
  listeners: list(['PLAINTEXT://:9092'], 'Where this broker listens.'),
  'listener.security.protocol.map': string('PLAINTEXT:PLAINTEXT', 'The security protocol of each listener.'),
  'max.connections': int(
    maxInt,
    'The most connections at any time: those above wait until one closes. Never more than the process can hold.',
    { update: 'cluster-wide', validate: atLeast(0) },
  ),
  'max.connections.per.ip': int(
    maxInt,
    'The most connections from one address at any time: those above are closed.',
    { update: 'cluster-wide', validate: connectionsPerIp },
  ),
  'max.incremental.fetch.session.cache.slots': int(1000, 'The most fetch sessions kept at once.', {
    validate: atLeast(0),
  }),
  'max.request.partition.size.limit': int(
    2000,
    'The most partitions in one DescribeTopicPartitions answer.',
    {
      validate: atLeast(1),
    },
  ),
  'node.id': int(0, 'The id of this node.', { validate: atLeast(0) }),
  'num.partitions': int(1, 'Partitions of a topic that does not say how many.', { validate: atLeast(1) }),
  'process.roles': list(['broker', 'controller'], 'The roles of this node.', {
    validate: listOf(['broker', 'controller']),
  }),
  'quota.window.num': int(11, 'Samples that a quota is measured over.', { validate: atLeast(1) }),
  'quota.window.size.seconds': int(1, 'Length of a sample of a quota, in seconds.', { validate: atLeast(1) }),
  'remote.log.storage.system.enable': boolean(
    false,
    'Tiered storage. This broker has none, so only "false" is accepted.',
    { validate: withoutTieredStorage },
  ),
  'socket.request.max.bytes': int(104_857_600, 'The largest request; a larger one closes its connection.', {
    validate: atLeast(1),
  }),
  'socket.send.buffer.bytes': int(
    102_400,
    'What the system holds of answers that a client has not taken (SO_SNDBUF), once records are sent to it from files. -1 leaves it to the system.',
    { validate: atLeast(-1) },
  ),
} satisfies ConfigTable

/** The configs of a broker: those of Apache Kafka 4.3 that act here. */
export const brokerConfigs = {
  ...brokerServerConfigs,
  ...brokerLogConfigs,
  ...brokerGroupConfigs,
  ...brokerTransactionConfigs,
}

/** The effective configs of a broker, parsed. */
export type BrokerConfig = ConfigValues<typeof brokerConfigs>
