import { appendFileSync, writeFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { type ConnectWorker, numberedLines, prepareConnect } from '../connect-worker.ts'
import { visible } from './checks.ts'
import { until } from './kill-loop.ts'
import { startKillable } from './killable.ts'
import { withSchedule } from './seed.ts'
import { readWholeTopic } from './stored-log.ts'
import { createTopics } from './topics.ts'

/* A worker of Kafka Connect carries lines from file to file while the broker is killed (-9) again and again. */

const topic = 'lines'
const kills = 4
const linesPerPart = 200

const linesOf = (text: string) => text.split('\n').slice(0, -1)

/** A sink may write what it could not commit again; without the repeats it is the source. */
async function untilAllArrived(worker: ConnectWorker, count: number): Promise<void> {
  const wanted = linesOf(numberedLines(0, count))
  await until(
    () => `${count} lines, there are ${linesOf(worker.sink()).length}\n${worker.output().slice(-5000)}`,
    () => new Set(linesOf(worker.sink())).size >= count,
  )
  expect([...new Set(linesOf(worker.sink()))]).toEqual(wanted)
}

test(
  'Kafka Connect loses no line while the broker is killed',
  () =>
    withSchedule('connect', async (plan) => {
      await using broker = await startKillable()
      await createTopics(broker, [topic], 1)
      await using worker = await prepareConnect(broker.bootstrap, 'connect', topic)
      writeFileSync(worker.source, numberedLines(0, linesPerPart))
      await worker.start()
      await worker.createConnectors()
      await untilAllArrived(worker, linesPerPart)
      const written = () => readWholeTopic(broker.dataDir, topic, 1)[0]!.logEndOffset
      for (let killed = 1; killed <= kills; killed++) {
        const before = written()
        appendFileSync(worker.source, numberedLines(killed * linesPerPart, (killed + 1) * linesPerPart))
        const target = before + plan.between(1, linesPerPart)
        await until(
          () => `${target} records, there are ${written()}`,
          () => written() >= target,
        )
        await broker.kill()
        await broker.start()
      }
      const count = (kills + 1) * linesPerPart
      await untilAllArrived(worker, count)
      // The source writes its lines and its offsets in one transaction: each is there once.
      const committed = visible(readWholeTopic(broker.dataDir, topic, 1)[0]!)
      expect(committed.map(({ value }) => value)).toEqual(linesOf(numberedLines(0, count)))
    }),
  240_000,
)
