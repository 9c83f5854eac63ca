import { test } from 'vitest'
import { expectProduced } from './checks.ts'
import { killRepeatedly } from './kill-loop.ts'
import { startDistantBroker } from './late-proxy.ts'
import { type Load, libraries, startLoad } from './load.ts'
import { withSchedule } from './seed.ts'
import { readWholeTopic } from './stored-log.ts'
import { createTopics } from './topics.ts'

/* Idempotent producers of three libraries write while the broker is killed (-9) again and again. */

const partitions = 3

test(
  'idempotent producers lose nothing and write nothing twice',
  () =>
    withSchedule('produce', async (plan) => {
      await using distant = await startDistantBroker()
      const { broker, bootstrap } = distant
      await createTopics(broker, libraries, partitions)
      await using loads = new AsyncDisposableStack()
      const producers: Load[] = []
      for (const library of libraries) {
        const spec = { library, name: library, role: 'produce', topic: library, partitions } as const
        producers.push(loads.use(await startLoad(bootstrap, spec)))
      }
      await killRepeatedly(broker, producers, plan, { times: 8, events: [300, 4000] })
      await Promise.all(producers.map((load) => load.end()))
      for (const load of producers)
        expectProduced(load, readWholeTopic(broker.dataDir, load.name, partitions))
    }),
  180_000,
)
