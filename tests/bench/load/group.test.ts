import { expect, test } from 'vitest'
import { createTopic } from '../../../bench/brokers.ts'
import { group } from '../../../bench/load/group.ts'
import { startBroker } from '../../../broker/index.ts'

test.each(['classic', 'consumer'] as const)('members of the %s protocol become stable', async (protocol) => {
  await using broker = await startBroker({
    port: 0,
    thread: false,
    config: {
      'group.consumer.assignment.interval.ms': '0',
      'group.consumer.min.heartbeat.interval.ms': '10',
      'group.consumer.heartbeat.interval.ms': '10',
    },
  })
  const { port, address: bootstrap } = broker
  const bench = { name: 'millrace', port, bootstrap, pid: process.pid, [Symbol.asyncDispose]: async () => {} }
  await createTopic({ ...bench, name: 'millrace' }, 'topic', 12)
  const load = { kind: 'group', port, topic: 'topic', groupId: 'group', partitions: 12, members: 6 } as const
  const { stableMs } = await group({ ...load, protocol, heartbeatMs: 10, warmups: 1, groups: 2 })
  expect(stableMs).toBeGreaterThan(0)
})
