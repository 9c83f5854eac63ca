import type { BrokerConfig } from '../core/config/broker-configs.ts'
import type { NewTopic } from './controller.ts'

export const offsetsTopic = '__consumer_offsets'
export const transactionsTopic = '__transaction_state'

export function defaultTopic(name: string): NewTopic {
  return { name, numPartitions: -1, replicationFactor: -1 }
}

/** How the broker creates a topic of its own; undefined when the name is not one. */
export function internalTopic(name: string, config: BrokerConfig): NewTopic | undefined {
  if (name === offsetsTopic) {
    return {
      name,
      numPartitions: config['offsets.topic.num.partitions'],
      replicationFactor: config['offsets.topic.replication.factor'],
      configs: new Map([
        ['cleanup.policy', 'compact'],
        ['compression.type', 'producer'],
        ['segment.bytes', String(config['offsets.topic.segment.bytes'])],
      ]),
    }
  }
  if (name === transactionsTopic) {
    return {
      name,
      numPartitions: config['transaction.state.log.num.partitions'],
      replicationFactor: config['transaction.state.log.replication.factor'],
      configs: new Map([
        ['cleanup.policy', 'compact'],
        ['compression.type', 'uncompressed'],
        ['min.insync.replicas', String(config['transaction.state.log.min.isr'])],
        ['segment.bytes', String(config['transaction.state.log.segment.bytes'])],
        ['unclean.leader.election.enable', 'false'],
      ]),
    }
  }
  return undefined
}
