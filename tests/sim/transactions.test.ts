import { expect, test } from 'vitest'
import { seededRandom } from '../../broker/core/random.ts'
import { offsetFetchRequest, offsetFetchResponse } from '../../broker/protocol/schemas/09-offset-fetch.ts'
import { partitionCount, TransactionalBroker } from './transactional-broker.ts'
import { TransactionalProducer } from './transactional-producer.ts'

/** `SIM_SEED=n` runs one schedule again, `SIM_SEEDS=n` that many from the first. */
const first = Number(process.env.SIM_SEED ?? 1)
const count = process.env.SIM_SEED ? 1 : Number(process.env.SIM_SEEDS ?? 40)
const steps = 150

/**
 * Producers of both generations write in transactions to a broker that is killed in the middle of its writes,
 * while time passes and transactional ids change hands. At the end a read_committed consumer sees what was
 * committed, all of it and once; nothing that was aborted; and the offsets of the last commit.
 */
async function simulate(seed: number): Promise<{ kills: number; committed: number }> {
  const random = seededRandom(seed)
  const broker = new TransactionalBroker(random)
  await broker.start()
  const producers = [true, true, false, false].map(
    (isVersion2, index) => new TransactionalProducer(broker, `p${index}`, isVersion2, random),
  )
  for (let step = 0; step < steps; step++) {
    const choice = random()
    if (choice < 0.06) broker.killAfter(Math.floor(random() * 12))
    const producer = producers[Math.floor(random() * producers.length)]!
    if (choice > 0.98) await producer.start()
    else if (choice > 0.95) broker.fixture.clock.advance(Math.floor(random() * 30_000))
    else await producer.act()
  }
  await broker.restart()
  // What is still open is aborted by the next producer.
  for (const producer of producers) await producer.start()
  await verify(broker, producers)
  const committed = producers
    .flatMap(({ transactions }) => transactions)
    .filter((t) => t.outcome === 'committed')
  return { kills: broker.kills, committed: committed.length }
}

async function verify(
  broker: TransactionalBroker,
  producers: readonly TransactionalProducer[],
): Promise<void> {
  const seen = new Set<string>()
  for (let partition = 0; partition < partitionCount; partition++) {
    const values = await broker.readCommitted(partition)
    expect(new Set(values).size, 'every value once').toBe(values.length)
    expect(inOrder(values), 'in the order of its producer').toBe(true)
    for (const value of values) seen.add(value)
  }
  for (const producer of producers) {
    for (const { number, values, outcome } of producer.transactions) {
      const found = values.filter((value) => seen.has(value)).length
      const name = `${producer.id}:${number} ${outcome}`
      if (outcome === 'committed') expect(found, name).toBe(values.length)
      else if (outcome === 'unknown') expect([0, values.length], name).toContain(found)
      else expect(found, name).toBe(0)
    }
    await verifyOffset(broker, producer)
  }
}

function inOrder(values: readonly string[]): boolean {
  const last = new Map<string, number>()
  return values.every((value) => {
    const [id, transaction, index] = value.split(':')
    const position = Number(transaction) * 1_000 + Number(index)
    const isAfter = position > (last.get(id!) ?? -1)
    last.set(id!, position)
    return isAfter
  })
}

async function verifyOffset(broker: TransactionalBroker, producer: TransactionalProducer): Promise<void> {
  const answer = await broker.ask(offsetFetchRequest, offsetFetchResponse, 8, {
    groups: [{ groupId: producer.groupId, topics: [{ name: 't', partitionIndexes: [0] }] }],
    requireStable: true,
  })
  const { committedOffset, errorCode } = answer.groups[0]!.topics[0]!.partitions[0]!
  expect(errorCode, 'the offset is stable').toBe(0)
  const withOffsets = producer.transactions.filter(({ offset }) => offset !== undefined)
  const certain = withOffsets.findLast(({ outcome }) => outcome === 'committed')?.offset ?? -1
  const possible = withOffsets.filter(({ outcome, offset }) => outcome === 'unknown' && offset! > certain)
  expect([certain, ...possible.map(({ offset }) => offset)], `${producer.id}'s offset`).toContain(
    committedOffset,
  )
}

test.each(Array.from({ length: count }, (_, index) => first + index))(
  'seed %i',
  async (seed) => {
    const { committed } = await simulate(seed)
    expect(committed).toBeGreaterThan(0)
  },
  30_000,
)
