import { test } from 'vitest'
import { killRepeatedly } from './kill-loop.ts'
import { startDistantBroker } from './late-proxy.ts'
import { withSchedule } from './seed.ts'
import { finishTransactions, startTransactions } from './transaction-loads.ts'

/* Transactions of three libraries while the broker is killed (-9) again and again. */

test(
  'transactions are there as a whole or not at all',
  () =>
    withSchedule('transactions', async (plan) => {
      await using distant = await startDistantBroker()
      const { broker, bootstrap } = distant
      await using processes = new AsyncDisposableStack()
      const loads = await startTransactions(broker, bootstrap, processes)
      const all = [...loads.writers, ...loads.transformers]
      await killRepeatedly(broker, all, plan, { times: 8, events: [30, 300] })
      await finishTransactions(broker, loads)
    }),
  240_000,
)
