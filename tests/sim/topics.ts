import {
  findCoordinatorRequest,
  findCoordinatorResponse,
} from '../../broker/protocol/schemas/10-find-coordinator.ts'
import { createTopicsRequest, createTopicsResponse } from '../../broker/protocol/schemas/19-create-topics.ts'
import { nameOf } from './clients/committed-reader.ts'
import { Violation } from './ledger.ts'
import { type Network, NoAnswer } from './network.ts'

export type Topic = {
  readonly name: string
  readonly partitions: number
  readonly configs?: Record<string, string>
}

export const topics: readonly Topic[] = [
  { name: 'plain', partitions: 2 },
  { name: 't', partitions: 2 },
  { name: 'compacted', partitions: 1, configs: { 'cleanup.policy': 'compact' } },
]
export const transactional = topics[1]!
/** Partitions whose last records damage may take: no transaction and no offset depends on them. */
export const mayLose = ['plain-0', 'plain-1', 'compacted-0']

export const brokerConfig = {
  'offsets.topic.num.partitions': '1',
  'transaction.state.log.num.partitions': '1',
  'group.consumer.assignment.interval.ms': '0',
  // Small segments, so that they roll and are cleaned within a schedule.
  'log.roll.ms': '4000',
  'log.index.interval.bytes': '200',
  'log.cleaner.backoff.ms': '1500',
  'log.cleaner.min.cleanable.ratio': '0.1',
  'log.cleaner.dedupe.buffer.size': '1048576',
  'log.segment.delete.delay.ms': '1000',
  // Clients whose time the broker's has left by hours are served all the same.
  'log.message.timestamp.after.max.ms': '9223372036854775807',
}
export function indexes({ partitions }: Topic): number[] {
  return Array.from({ length: partitions }, (_, index) => index)
}

/** Creates all topics, the coordinators' too, however often it has to be asked for. */
export async function createTopics(network: Network): Promise<void> {
  for (const topic of topics) {
    const configs = Object.entries(topic.configs ?? {}).map(([name, value]) => ({ name, value }))
    const body = {
      topics: [
        {
          name: topic.name,
          numPartitions: topic.partitions,
          replicationFactor: 1,
          assignments: [],
          configs,
        },
      ],
      timeoutMs: 1_000,
    }
    await insist(network, ['NONE', 'TOPIC_ALREADY_EXISTS'], async () => {
      const answer = await network.askSurely(createTopicsRequest, createTopicsResponse, 7, body)
      return answer.topics[0]!
    })
  }
  for (const keyType of [0, 1]) {
    await insist(network, ['NONE'], async () => {
      const body = { keyType, coordinatorKeys: ['any'] }
      const answer = await network.askSurely(findCoordinatorRequest, findCoordinatorResponse, 4, body)
      return answer.coordinators[0]!
    })
  }
}

/** Asks again until one of the errors in `accepted` is the answer. */
async function insist(
  { machine }: Network,
  accepted: readonly string[],
  ask: () => Promise<{ errorCode: number }>,
): Promise<void> {
  const retriable = ['KAFKA_STORAGE_ERROR', 'COORDINATOR_NOT_AVAILABLE']
  for (;;) {
    try {
      const error = nameOf((await ask()).errorCode)
      if (accepted.includes(error)) return
      if (!retriable.includes(error)) throw new Violation(`a topic was not created: ${error}`)
    } catch (error) {
      if (!(error instanceof NoAnswer)) throw error
    }
    await machine.clock.sleep(100)
  }
}
