import { describe, expect, test } from 'vitest'
import { errorCode } from '../../../broker/protocol/error-codes.ts'
import { fetchRequest, fetchResponse } from '../../../broker/protocol/schemas/01-fetch.ts'
import { encodeRecordBatch } from '../../../broker/records/record-batch-builder.ts'
import { NodeFixture } from './node-fixture.ts'

function withTopic(config: Record<string, string> = {}) {
  const fixture = new NodeFixture(config)
  fixture.node.controller.createTopics([{ name: 't', numPartitions: 3, replicationFactor: 1 }])
  return fixture
}

function append(fixture: NodeFixture, index: number): void {
  const batch = encodeRecordBatch({ records: [{ value: 'v' }], timestampMs: fixture.clock.nowMs() })
  fixture.node.partition('t', index)!.append(batch, 'client')
}

type Session = {
  id: number
  epoch: number
  offsets?: Record<number, number>
  forget?: number[]
  maxBytes?: number
}

/** Asks for the partitions in `offsets` within a session; by topic id as Java's clients do. */
async function fetch(fixture: NodeFixture, session: Session, version = 13) {
  const { topicId } = fixture.node.image.topic('t')!
  const partitions = Object.entries(session.offsets ?? {}).map(([partition, fetchOffset]) => ({
    partition: Number(partition),
    fetchOffset,
    partitionMaxBytes: 1000,
  }))
  const forgotten = session.forget ?? []
  const answer = await fixture.ask(fetchRequest, fetchResponse, version, {
    maxWaitMs: 0,
    minBytes: 1,
    ...(session.maxBytes === undefined ? {} : { maxBytes: session.maxBytes }),
    sessionId: session.id,
    sessionEpoch: session.epoch,
    topics: partitions.length > 0 ? [{ topic: 't', topicId, partitions }] : [],
    forgottenTopicsData: forgotten.length > 0 ? [{ topic: 't', topicId, partitions: forgotten }] : [],
  })
  const told = answer.responses.flatMap((topic) =>
    topic.partitions.map((partition) => partition.partitionIndex),
  )
  return { ...answer, told }
}

const all = { 0: 0, 1: 0, 2: 0 }

describe('a fetch session (KIP-227)', () => {
  test('tells everything once, and then what is new', async () => {
    const fixture = withTopic()
    const { sessionId: id, told } = await fetch(fixture, { id: 0, epoch: 0, offsets: all })
    expect(id).toBeGreaterThan(0)
    expect(told).toEqual([0, 1, 2])
    expect((await fetch(fixture, { id, epoch: 1 })).told).toEqual([])
    append(fixture, 1)
    expect(await fetch(fixture, { id, epoch: 2 })).toMatchObject({ told: [1], sessionId: id })
    expect((await fetch(fixture, { id, epoch: 3, offsets: { 1: 1 } })).told).toEqual([])
  })

  test('adds, forgets, and ends when nothing is left', async () => {
    const fixture = withTopic()
    const { sessionId: id } = await fetch(fixture, { id: 0, epoch: 0, offsets: { 0: 0 } })
    expect((await fetch(fixture, { id, epoch: 1, offsets: { 2: 0 } })).told).toEqual([2])
    append(fixture, 0)
    append(fixture, 2)
    expect((await fetch(fixture, { id, epoch: 2, forget: [0] })).told).toEqual([2])
    const last = await fetch(fixture, { id, epoch: 3, forget: [2] })
    expect(last).toMatchObject({ sessionId: 0, told: [] })
    expect((await fetch(fixture, { id, epoch: 4 })).errorCode).toBe(errorCode.fetchSessionIdNotFound)
  })

  test('refuses a wrong epoch, an unknown id, and names where ids were', async () => {
    const fixture = withTopic()
    const { sessionId: id } = await fetch(fixture, { id: 0, epoch: 0, offsets: all })
    expect((await fetch(fixture, { id, epoch: 2 })).errorCode).toBe(errorCode.invalidFetchSessionEpoch)
    expect((await fetch(fixture, { id: id + 1, epoch: 1 })).errorCode).toBe(errorCode.fetchSessionIdNotFound)
    expect((await fetch(fixture, { id, epoch: 1 }, 12)).errorCode).toBe(errorCode.fetchSessionTopicIdError)
    expect((await fetch(fixture, { id, epoch: 1 })).errorCode).toBe(0)
  })

  test('epoch -1 reads without one and closes the one named', async () => {
    const fixture = withTopic()
    const { sessionId: id } = await fetch(fixture, { id: 0, epoch: 0, offsets: all })
    const closing = await fetch(fixture, { id, epoch: -1, offsets: { 0: 0 } })
    expect(closing).toMatchObject({ sessionId: 0, told: [0] })
    expect(fixture.node.fetchSessions.size).toBe(0)
  })

  test('an error is told each time, and the recovery after it too', async () => {
    const fixture = withTopic()
    const { sessionId: id, responses } = await fetch(fixture, { id: 0, epoch: 0, offsets: { 0: 5 } })
    expect(responses[0]!.partitions[0]!.errorCode).toBe(errorCode.offsetOutOfRange)
    expect((await fetch(fixture, { id, epoch: 1 })).told).toEqual([0])
    const recovered = await fetch(fixture, { id, epoch: 2, offsets: { 0: 0 } })
    expect(recovered.responses[0]!.partitions[0]).toMatchObject({ partitionIndex: 0, errorCode: 0 })
  })

  test('every partition has its turn when only one fits', async () => {
    const fixture = withTopic()
    for (const partition of [0, 1, 2]) append(fixture, partition)
    const first = await fetch(fixture, { id: 0, epoch: 0, offsets: all, maxBytes: 1 })
    const served = [servedPartitions(first)]
    for (let epoch = 1; epoch < 3; epoch++) {
      served.push(servedPartitions(await fetch(fixture, { id: first.sessionId, epoch, maxBytes: 1 })))
    }
    expect(served).toEqual([[0], [1], [2]])
  })

  test('without a free slot a fetch is served without a session', async () => {
    const fixture = withTopic({ 'max.incremental.fetch.session.cache.slots': '1' })
    const { sessionId: id } = await fetch(fixture, { id: 0, epoch: 0, offsets: all })
    expect((await fetch(fixture, { id: 0, epoch: 0, offsets: all })).sessionId).toBe(0)
    fixture.clock.advance(120_001)
    const later = await fetch(fixture, { id: 0, epoch: 0, offsets: all })
    expect(later.sessionId).toBeGreaterThan(0)
    expect((await fetch(fixture, { id, epoch: 1 })).errorCode).toBe(errorCode.fetchSessionIdNotFound)
  })

  test('a topic made anew under its old name is another one', async () => {
    const fixture = withTopic()
    const { sessionId: id } = await fetch(fixture, { id: 0, epoch: 0, offsets: { 0: 0 } })
    fixture.node.controller.deleteTopics([{ name: 't' }])
    fixture.node.controller.createTopics([{ name: 't', numPartitions: 3, replicationFactor: 1 }])
    const answer = await fetch(fixture, { id, epoch: 1 })
    expect(answer.responses[0]!.partitions[0]!.errorCode).toBe(errorCode.unknownTopicId)
  })
})

function servedPartitions(answer: Awaited<ReturnType<typeof fetch>>): number[] {
  return answer.responses.flatMap(({ partitions }) =>
    partitions.filter(({ records }) => records!.length > 0).map(({ partitionIndex }) => partitionIndex),
  )
}
