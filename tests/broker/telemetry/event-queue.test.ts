import { describe, expect, test } from 'vitest'
import { ManualClock } from '../../../broker/core/clock.ts'
import type { ConnectionDescription, EventBatch } from '../../../broker/host.ts'
import { EventQueue } from '../../../broker/telemetry/event-queue.ts'
import { NodeFixture } from '../handlers/node-fixture.ts'

function connection(id: number, requestsPerSecond: number): ConnectionDescription {
  const names = { clientId: null, softwareName: null, softwareVersion: null, principal: '' }
  const addresses = { remoteHost: '', remotePort: 0, localHost: '', localPort: 0 }
  const figures = { connectedAtMs: 0, lastRequestAtMs: null, requests: 0, bytesIn: 0, bytesOut: 0, apis: [] }
  return { id, nodeId: 0, ...names, ...addresses, ...figures, requestsPerSecond }
}

function queue() {
  const clock = new ManualClock(1_000_000)
  const rates = new Map<number, number>()
  const events = new EventQueue(clock, (id) => {
    const rate = rates.get(id)
    return rate === undefined ? undefined : connection(id, rate)
  })
  const batches: EventBatch[] = []
  events.listen((batch) => batches.push(batch))
  return { clock, rates, events, batches }
}

const commit = (offset: number) => ({
  kind: 'offsetCommitted' as const,
  groupId: 'g',
  atMs: 0,
  topic: 't',
  partition: 0,
  offset,
  memberId: '',
})

describe('the event queue', () => {
  test('sends at most 20 batches a second, numbered', () => {
    const { clock, events, batches } = queue()
    for (let count = 0; count < 1000; count++) {
      events.other({ kind: 'topicDeleted', topic: 't', topicId: '' })
      clock.advance(1)
    }
    expect(batches.length).toBeLessThanOrEqual(20)
    expect(batches.map(({ sequence }) => sequence)).toEqual(batches.map((_, index) => index + 1))
  })

  test('keeps the last of what has a last value', () => {
    const { clock, events, batches } = queue()
    for (let offset = 0; offset < 5000; offset++) events.group(commit(offset))
    const node = new NodeFixture().node
    node.controller.createTopics([{ name: 't', numPartitions: 1, replicationFactor: 1 }])
    const partition = node.partition('t', 0)!
    for (let count = 0; count < 5000; count++) events.partitionChanged(partition, 2, 10)
    clock.advance(50)
    expect(batches).toHaveLength(1)
    expect(batches[0]).toMatchObject({
      lost: 0,
      events: [
        { kind: 'partitions', figures: [{ topic: 't', appendedRecords: 10_000, appendedBytes: 50_000 }] },
        { kind: 'groups', events: [{ offset: 4999 }] },
      ],
    })
  })

  test('is bounded, and says what was left out', () => {
    const { clock, events, batches } = queue()
    for (let count = 0; count < 1500; count++) events.other({ kind: 'topicDeleted', topic: 't', topicId: '' })
    clock.advance(50)
    expect(batches[0]?.lost).toBe(500)
    events.other({ kind: 'topicDeleted', topic: 't', topicId: '' })
    clock.advance(50)
    expect(batches[1]?.lost).toBe(0)
  })

  test('tells a connection once a second, a new one at once, and its rate until that is 0', () => {
    const { clock, rates, events, batches } = queue()
    rates.set(7, 100)
    events.connectionChanged(7, true)
    clock.advance(50)
    expect(batches).toHaveLength(1)
    for (let count = 0; count < 100; count++) {
      events.connectionChanged(7, false)
      clock.advance(10)
    }
    expect(batches.length).toBeLessThanOrEqual(2)
    clock.advance(1100)
    const before = batches.length
    rates.set(7, 0)
    clock.advance(2100)
    expect(batches).toHaveLength(before + 1)
    expect(batches.at(-1)?.events).toMatchObject([{ connections: [{ id: 7, requestsPerSecond: 0 }] }])
    clock.advance(60_000)
    expect(batches).toHaveLength(before + 1)
    rates.delete(7)
    events.connectionClosed(7)
    clock.advance(50)
    expect(batches.at(-1)?.events).toEqual([{ kind: 'connectionsClosed', ids: [7] }])
  })
})
