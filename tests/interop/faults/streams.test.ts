import { test } from 'vitest'
import { expectRight, prepareStreams } from '../streams-run.ts'
import { until } from './kill-loop.ts'
import { startKillable } from './killable.ts'
import { withSchedule } from './seed.ts'
import { readWholeTopic } from './stored-log.ts'

/* A Kafka Streams application with exactly_once_v2 works on while the broker is killed (-9) again and again. */

const kills = 5
const partitions = 3

test(
  'Kafka Streams counts and joins exactly once while the broker is killed',
  () =>
    withSchedule('streams', async (plan) => {
      await using broker = await startKillable()
      await using run = await prepareStreams(broker.bootstrap, 'exactly_once_v2')
      const written = () =>
        readWholeTopic(broker.dataDir, `${run.id}-joined`, partitions).reduce(
          (sum, { logEndOffset }) => sum + logEndOffset,
          0,
        )
      const parts = kills + 1
      await run.feed(0, 1 / parts)
      await run.start()
      for (let killed = 0; killed < kills; killed++) {
        const target = written() + plan.between(1, 120)
        await run.feed((killed + 1) / parts, (killed + 2) / parts)
        await until(
          () => `${target} joined flights, there are ${written()}`,
          () => written() >= target,
        )
        await broker.kill()
        await broker.start()
      }
      await expectRight(run, 'exactly_once_v2')
    }),
  240_000,
)
