import { test } from 'vitest'
import { freePorts } from '../../support/free-port.ts'
import { expectProduced } from './checks.ts'
import { type CuttingProxy, startCuttingProxy } from './cutting-proxy.ts'
import { until, untilEachGoesOn } from './kill-loop.ts'
import { startKillable } from './killable.ts'
import { type Load, libraries, startLoad } from './load.ts'
import { type Schedule, withSchedule } from './seed.ts'
import { readWholeTopic } from './stored-log.ts'
import { createTopics } from './topics.ts'
import { finishTransactions, startTransactions } from './transaction-loads.ts'

/*
 * Every connection to the broker is broken inside of a frame, sooner or later: requests of which the broker sees a
 * part, answers of which the client sees a part; reset, ended, silent or late.
 */

const partitions = 3
/** As many broken connections as that, of each kind some. */
const wantedCuts = 60
const kinds = 8
const requestTimeoutMs = 1_000

async function startBehindProxy(plan: Schedule, stack: AsyncDisposableStack) {
  const port = (await freePorts(1))[0]!
  const broker = stack.use(await startKillable({ advertisedPort: port }))
  const proxy = stack.use(await startCuttingProxy({ port, brokerPort: broker.port }, plan))
  return { broker, proxy, bootstrap: `127.0.0.1:${port}` }
}

/** Until enough was broken; then everything comes through, and each program goes on. */
async function untilCutEnough(proxy: CuttingProxy, loads: readonly Load[]): Promise<void> {
  const count = () => [...proxy.cuts().values()].reduce((sum, cuts) => sum + cuts, 0)
  await until(
    () => `${wantedCuts} cuts: ${JSON.stringify([...proxy.cuts()])}`,
    () => count() >= wantedCuts && proxy.cuts().size === kinds,
  )
  proxy.heal()
  await untilEachGoesOn(loads, 5)
}

test(
  'idempotent producers lose nothing and write nothing twice',
  () =>
    withSchedule('cut producers', async (plan) => {
      await using stack = new AsyncDisposableStack()
      const { broker, proxy, bootstrap } = await startBehindProxy(plan, stack)
      await createTopics(broker, libraries, partitions)
      const producers: Load[] = []
      for (const library of libraries) {
        const spec = { library, name: library, role: 'produce', topic: library, partitions } as const
        producers.push(stack.use(await startLoad(bootstrap, { ...spec, requestTimeoutMs })))
      }
      await untilCutEnough(proxy, producers)
      await Promise.all(producers.map((load) => load.end()))
      for (const load of producers)
        expectProduced(load, readWholeTopic(broker.dataDir, load.name, partitions))
    }),
  180_000,
)

test(
  'transactions are there as a whole or not at all',
  () =>
    withSchedule('cut transactions', async (plan) => {
      await using stack = new AsyncDisposableStack()
      const { broker, proxy, bootstrap } = await startBehindProxy(plan, stack)
      const loads = await startTransactions(broker, bootstrap, stack, { requestTimeoutMs })
      await untilCutEnough(proxy, [...loads.writers, ...loads.transformers])
      await finishTransactions(broker, loads)
    }),
  240_000,
)
