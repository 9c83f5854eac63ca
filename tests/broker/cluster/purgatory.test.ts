import { describe, expect, test } from 'vitest'
import { Partition } from '../../../broker/cluster/partition.ts'
import { Purgatory } from '../../../broker/cluster/purgatory.ts'
import { ManualClock } from '../../../broker/core/clock.ts'

const image = {
  partition: 0,
  replicas: [0],
  isr: [0],
  removingReplicas: [],
  addingReplicas: [],
  leader: 0,
  leaderEpoch: 0,
  partitionEpoch: 0,
}

/** Partitions that are never written to: they are moved by hand. */
function partitions(count: number): Partition[] {
  return Array.from(
    { length: count },
    (_, index) =>
      new Partition({
        topic: 't',
        topicId: 'id',
        nodeId: 0,
        image: { ...image, partition: index },
        listener: { appended: () => {}, trimmed: () => {}, wentOffline: () => {} },
        nowMs: () => 0,
        openLog: () => {
          throw new Error('there is no disk')
        },
      }),
  )
}

function parked(missingBytes: number, maxWaitMs: number, count = 1) {
  const clock = new ManualClock()
  const purgatory = new Purgatory(clock)
  const watched = partitions(count)
  let answered = 0
  const cancel = purgatory.park({ partitions: watched, missingBytes, maxWaitMs }, () => answered++)
  return { clock, purgatory, watched, cancel, answered: () => answered }
}

const microtasks = () => Promise.resolve()

describe('the purgatory', () => {
  test('answers once, at the deadline', () => {
    const { clock, purgatory, answered } = parked(1, 100)
    clock.advance(99)
    expect(answered()).toBe(0)
    clock.advance(1000)
    expect(answered()).toBe(1)
    expect(purgatory.size).toBe(0)
  })

  test('a partition that moves without bytes answers, once for many', async () => {
    const { watched, answered } = parked(1000, 100, 3)
    for (const partition of watched) partition.retire()
    expect(answered()).toBe(0)
    await microtasks()
    expect(answered()).toBe(1)
  })

  test('many that look at many partitions are answered over several turns, each once', async () => {
    const clock = new ManualClock()
    const purgatory = new Purgatory(clock)
    const watched = partitions(6_000)
    const answered: number[] = []
    for (let index = 0; index < 5; index++)
      purgatory.park({ partitions: watched, missingBytes: 1, maxWaitMs: 1000 }, () => answered.push(index))
    watched[0]!.retire()
    await microtasks()
    expect(answered).toEqual([0, 1])
    // Another move in between makes no second answer.
    watched[1]!.retire()
    await microtasks()
    expect(answered).toEqual([0, 1])
    clock.advance(0)
    expect(answered).toEqual([0, 1, 2, 3, 4])
    clock.advance(2000)
    expect(answered).toHaveLength(5)
  })

  test('cancelled means never', async () => {
    const { clock, purgatory, watched, cancel, answered } = parked(1, 100)
    watched[0]!.retire()
    cancel()
    await microtasks()
    clock.advance(1000)
    expect(answered()).toBe(0)
    expect(purgatory.size).toBe(0)
  })

  test('releases all', () => {
    const { purgatory, answered } = parked(1, 100)
    purgatory.releaseAll()
    expect(answered()).toBe(1)
  })
})
