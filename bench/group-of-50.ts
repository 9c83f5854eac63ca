import { type BenchBroker, type BrokerName, runLoad, startBenchBroker } from './brokers.ts'
import { type Figures, ratioAtMost } from './figures.ts'
import type { GroupLoad, StableGroup } from './load/group.ts'
import { withTopic } from './measure.ts'

const members = 50
const partitions = 100

type Setting = {
  name: string
  /** Over what a broker is born with. */
  configs: Readonly<Record<BrokerName, Readonly<Record<string, number>>>>
  heartbeatMs: number
  warmups: number
  groups: number
}

const hurried = {
  'group.initial.rebalance.delay.ms': 0,
  'group.consumer.assignment.interval.ms': 0,
  'group.consumer.min.heartbeat.interval.ms': 10,
  'group.consumer.heartbeat.interval.ms': 10,
}

/** What users see, and what the brokers themselves take once nothing is configured to wait. */
const settings: readonly Setting[] = [
  {
    name: "each broker's defaults",
    // The tests' Kafka does not wait; the one that users start does.
    configs: { kafka: { 'group.initial.rebalance.delay.ms': 3000 }, millrace: {} },
    // heartbeat.interval.ms of Java's consumer
    heartbeatMs: 3000,
    warmups: 0,
    groups: 1,
  },
  {
    name: 'no delays',
    configs: { kafka: hurried, millrace: hurried },
    heartbeatMs: 10,
    warmups: 15,
    groups: 5,
  },
]

let groupNumber = 0

async function stableAfter(
  broker: BenchBroker,
  load: Pick<GroupLoad, 'protocol' | 'heartbeatMs' | 'warmups' | 'groups'>,
) {
  return withTopic(broker, partitions, (topic) => {
    const groupId = `bench-${groupNumber++}`
    const group = { kind: 'group', port: broker.port, topic, groupId, partitions, members, ...load } as const
    return runLoad<StableGroup>(broker, group)
  })
}

/** Fifty consumers start at once: until all have an assignment of one generation and each partition has its owner. */
export async function groupsOf50(
  dataIn: string,
  rounds: number,
  inTurn: (round: number) => readonly BrokerName[],
  figures: Figures,
): Promise<void> {
  for (const { name, configs, ...load } of settings) {
    await using kafka = await startBenchBroker('kafka', dataIn, configs.kafka)
    await using millrace = await startBenchBroker('millrace', dataIn, configs.millrace)
    const brokers = { kafka, millrace }
    for (let round = -1; round < rounds; round++) {
      for (const protocol of ['classic', 'consumer'] as const) {
        for (const on of inTurn(Math.max(0, round))) {
          const { stableMs } = await stableAfter(brokers[on], { protocol, ...load })
          const title = `group of ${members} stable, ${protocol} protocol, ${name}`
          const figure = { name: title, unit: 'ms', better: 'less', goal: ratioAtMost(0.5) } as const
          // The first round warms both.
          if (round >= 0) figures.add(on, figure, stableMs)
        }
      }
    }
  }
}
