import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import type { WireClient } from '../../../broker/protocol/client.ts'
import {
  offsetCommitRequest,
  offsetCommitResponse,
} from '../../../broker/protocol/schemas/08-offset-commit.ts'
import {
  findCoordinatorRequest,
  findCoordinatorResponse,
} from '../../../broker/protocol/schemas/10-find-coordinator.ts'
import { untilAnswers } from '../../support/child.ts'
import { expectProduced, expectTransactions } from './checks.ts'
import { type Damage, damageNode, damages } from './damage.ts'
import { untilEachGoesOn } from './kill-loop.ts'
import { type KillableBroker, startKillable } from './killable.ts'
import { appendKnown, connectTo, expectKnown } from './known-log.ts'
import { type Load, libraries, startLoad } from './load.ts'
import { committedOffsets } from './offsets.ts'
import { type Schedule, withSchedule } from './seed.ts'
import { readWholeTopic } from './stored-log.ts'
import { createTopics } from './topics.ts'

/*
 * Between kill -9 and start the files of the broker are damaged as a power cut or a bad disk does it. It starts, what
 * does not lie in the damaged place is there, and clients go on as if nothing had been.
 */

/** A segment and a third. */
const batches = 14
const partitions = 3
/** What is written while the broker dies, with the damage that it finds: none that costs records. */
const live = {
  java: 'missing-index',
  franz: 'cut-snapshot',
  confluent: 'flipped-timeindex',
  txn: 'cut-txnindex',
}

const damageNamed = (name: string) => damages.find((damage) => damage.name === name)!
const producerIdOf = (damage: Damage) => 4_000_000 + damages.indexOf(damage)

async function fill(broker: KillableBroker): Promise<void> {
  await using client = await connectTo(broker)
  for (const damage of damages) {
    for (let batch = 0; batch < batches; batch++)
      await appendKnown(client, damage.name, producerIdOf(damage), batch)
  }
  await commit(client)
}

/** The group commits, in each topic, the topic's number. */
async function commit(client: WireClient): Promise<void> {
  const groupId = 'group'
  await untilAnswers(
    async () => {
      // The first to ask for a coordinator has the topic of the offsets created.
      const found = await client.send(findCoordinatorRequest, findCoordinatorResponse, 2, { key: groupId })
      return found.errorCode === 0 || undefined
    },
    { timeoutMs: 20_000 },
  )
  const answer = await client.send(offsetCommitRequest, offsetCommitResponse, 7, {
    groupId,
    memberId: '',
    topics: damages.map(({ name }, index) => ({
      name,
      partitions: [{ partitionIndex: 0, committedOffset: index, committedMetadata: '' }],
    })),
  })
  const errors = answer.topics.flatMap((topic) => topic.partitions.map(({ errorCode }) => errorCode))
  expect(errors.filter((error) => error !== 0)).toEqual([])
}

function damageAll(dataDir: string, plan: Schedule): void {
  for (const damage of damages) damage.apply(join(dataDir, `${damage.name}-0`), plan)
  for (const [topic, name] of Object.entries(live)) {
    for (let partition = 0; partition < partitions; partition++)
      damageNamed(name).apply(join(dataDir, `${topic}-${partition}`), plan)
  }
  damageNode(dataDir, plan)
}

/** What is left is there; a batch that is sent again is not written again; the next ones follow. */
async function expectAllKept(broker: KillableBroker): Promise<void> {
  await using client = await connectTo(broker)
  for (const [index, damage] of damages.entries()) {
    await expectKnown(client, damage.name, batches - damage.lost)
    for (let batch = batches - 1; batch < batches + 2; batch++)
      await appendKnown(client, damage.name, producerIdOf(damage), batch)
    expect(await committedOffsets(broker, 'group', damage.name, 1)).toEqual([index])
  }
}

async function startWriters(broker: KillableBroker, stack: AsyncDisposableStack): Promise<Load[]> {
  const specs = libraries.map((library) => ({ library, role: 'produce' as const, name: library as string }))
  const transact = { library: 'franz' as const, role: 'transact' as const, name: 'txn' }
  const loads: Load[] = []
  for (const spec of [...specs, transact])
    loads.push(stack.use(await startLoad(broker.bootstrap, { ...spec, topic: spec.name, partitions })))
  return loads
}

test(
  'damaged files cost nothing but what was in the damaged place',
  () =>
    withSchedule('damage', async (plan) => {
      await using stack = new AsyncDisposableStack()
      const broker = stack.use(await startKillable())
      await createTopics(
        broker,
        damages.map(({ name }) => name),
        1,
        { 'segment.bytes': '1048576' },
      )
      await createTopics(broker, Object.keys(live), partitions)
      await fill(broker)
      const loads = await startWriters(broker, stack)
      await untilEachGoesOn(loads, 200)
      await broker.kill()
      damageAll(broker.dataDir, plan)
      await broker.start()
      await expectAllKept(broker)
      await untilEachGoesOn(loads, 20)
      await broker.kill()
      await broker.start()
      await using client = await connectTo(broker)
      for (const { name } of damages) await expectKnown(client, name, batches + 2)
      await Promise.all(loads.map((load) => load.end()))
      for (const load of loads) {
        const logs = readWholeTopic(broker.dataDir, load.name, partitions)
        if (load.name === 'txn') expectTransactions(load, logs)
        else expectProduced(load, logs)
      }
      expect(existsSync(join(broker.dataDir, '__cluster_metadata-0'))).toBe(true)
    }),
  120_000,
)
