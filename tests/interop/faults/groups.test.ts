import { expect, test } from 'vitest'
import { expectProduced } from './checks.ts'
import { ackedCommits, readGroupLog } from './group-log.ts'
import { killRepeatedly, until } from './kill-loop.ts'
import { type KillableBroker, startKillable } from './killable.ts'
import { type Library, type Load, libraries, startLoad } from './load.ts'
import { watchOffsets } from './offset-watch.ts'
import { committedOffsets } from './offsets.ts'
import { type Schedule, withSchedule } from './seed.ts'
import { readWholeTopic, type StoredLog } from './stored-log.ts'
import { createTopics } from './topics.ts'

/*
 * Six groups, of three libraries and both protocols, read one topic; their members come and go while the broker is
 * killed (-9) again and again.
 */

const [topic, partitions] = ['topic', 4]
const protocols = ['classic', 'consumer'] as const
const assignors = { java: 'cooperative-sticky', franz: 'range', confluent: 'roundrobin' } as const

/** Who could not say that it left, since the broker was away, is out soon. */
const configs = {
  'group.consumer.session.timeout.ms': 6000,
  'group.consumer.min.session.timeout.ms': 6000,
  'group.consumer.heartbeat.interval.ms': 500,
  'group.consumer.min.heartbeat.interval.ms': 500,
}

type Group = { load: Load; id: string; protocol: (typeof protocols)[number]; optional: Set<string> }

const groupsOf = (library: Library, load: Load): Group[] =>
  protocols.map((protocol) => ({ load, protocol, id: `${library}-${protocol}`, optional: new Set() }))

/** Member `a` of each group stays; the schedule decides which of the others joins, or leaves. */
function comeOrGo(groups: readonly Group[], plan: Schedule): void {
  const { load, protocol, optional } = plan.pick(groups)
  const name = `${protocol}-${plan.pick(['b', 'c'])}`
  if (optional.delete(name)) {
    load.command(`leave ${name}`)
  } else {
    optional.add(name)
    load.command(`join ${name} ${protocol}`)
  }
}

/** Until the group has committed all there is. */
async function untilThrough(broker: KillableBroker, { id, load }: Group, logs: readonly StoredLog[]) {
  let said = ''
  await until(
    () => `${id} to be through: ${said}; ${load.events.slice(-5).join('; ')}`,
    async () => {
      const committed = await committedOffsets(broker, id, topic, partitions).catch(
        (error: Error) => error.message,
      )
      said = `${committed} of ${logs.map(({ logEndOffset }) => logEndOffset)}`
      return logs.every(({ logEndOffset }, partition) => committed[partition] === logEndOffset)
    },
  )
}

function expectReadThrough({ load, id, protocol }: Group, logs: readonly StoredLog[]): void {
  const { read, committed } = readGroupLog(load, `${protocol}-`)
  for (const [partition, { logEndOffset }] of logs.entries()) {
    expect(read.get(partition)?.size, `${id}, records of partition ${partition}`).toBe(logEndOffset)
    expect(committed.get(partition), `${id}, committed of partition ${partition}`).toBeLessThanOrEqual(
      logEndOffset,
    )
  }
}

test(
  'groups skip nothing, and what they committed stays',
  () =>
    withSchedule('groups', async (plan) => {
      await using broker = await startKillable({ configs })
      await createTopics(broker, [topic], partitions)
      await using processes = new AsyncDisposableStack()
      const start = async (spec: Parameters<typeof startLoad>[1]) =>
        processes.use(await startLoad(broker.bootstrap, spec))
      const writing = { library: 'franz', role: 'produce', pauseMs: 20 } as const
      const writer = await start({ ...writing, name: 'writer', topic, partitions })
      const groups: Group[] = []
      for (const library of libraries) {
        const reading = { role: 'members', group: library, assignor: assignors[library] } as const
        groups.push(...groupsOf(library, await start({ library, name: library, topic, ...reading })))
      }
      const watches = groups.map(({ id, load, protocol }) =>
        processes.use(watchOffsets(broker, { group: id, topic, partitions }, ackedCommits(load, protocol))),
      )
      for (const { load, protocol } of groups) load.command(`join ${protocol}-a ${protocol}`)
      const loads = [...new Set(groups.map(({ load }) => load)), writer]
      const before = () => {
        for (let count = plan.between(1, 4); count > 0; count--) comeOrGo(groups, plan)
      }
      await killRepeatedly(broker, loads, plan, { times: 8, events: [1000, 8000], before })
      await writer.end()
      const logs = readWholeTopic(broker.dataDir, topic, partitions)
      for (const group of groups) await untilThrough(broker, group, logs)
      for (const watch of watches) watch.check()
      for (const load of loads.slice(0, -1)) await load.end()
      expectProduced(writer, logs)
      for (const group of groups) expectReadThrough(group, logs)
    }),
  240_000,
)
