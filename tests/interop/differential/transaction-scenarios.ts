import type { Producer, TransactionSpeaker } from './transaction-speaker.ts'

export type TransactionScenario = {
  readonly name: string
  readonly run: (speaker: TransactionSpeaker) => Promise<void>
}

function withEpoch(producer: Producer, difference: number): Producer {
  return { producerId: producer.producerId, producerEpoch: producer.producerEpoch + difference }
}

/** Each runs with a transactional id, a topic and groups of its own: `tx`, `t` and `g` stand for them. */
export const transactionScenarios: readonly TransactionScenario[] = [
  {
    name: 'a producer starts',
    run: async (s) => {
      await s.findCoordinator('', 1)
      await s.init('')
      for (const timeoutMs of [0, -1, 900_001]) await s.init('tx', { timeoutMs })
      for (const v of [0, 1, 2, 3, 4, 5]) await s.init('tx', { v, timeoutMs: 900_000 })
      await s.init(null)
      await s.init(null, { expected: { producerId: 7, producerEpoch: 1 } })
      await s.init('tx', { expected: { producerId: 7, producerEpoch: -1 } })
      await s.init(null, { expected: { producerId: -1, producerEpoch: 3 } })
      await s.describe()
      await s.describe('')
      await s.describe('nobody')
    },
  },
  {
    name: 'a producer goes on with what it has (KIP-360)',
    run: async (s) => {
      const first = await s.init('tx')
      const second = await s.init('tx', { expected: first })
      await s.init('tx', { expected: first })
      await s.init('tx', { expected: second })
      await s.init('tx', { expected: first })
      await s.init('tx', { v: 3, expected: first })
      await s.init('tx', { expected: { producerId: first.producerId + 100_000, producerEpoch: 0 } })
      const other = await s.init('tx')
      await s.init('tx', { expected: second })
      await s.init('tx', { expected: withEpoch(other, 1) })
      await s.init('new', { expected: { producerId: first.producerId + 100_000, producerEpoch: 3 } })
    },
  },
  {
    name: 'partitions are added by the client',
    run: async (s) => {
      const producer = await s.init('tx')
      for (const v of [0, 1, 2, 3]) await s.add(producer, { t: [0] }, { v })
      await s.add(producer, { t: [0, 9], nope: [0] })
      await s.add(producer, { t: [1] }, { id: 'nobody' })
      await s.add(producer, { t: [1] }, { id: '' })
      for (const v of [1, 2, 3]) await s.add(withEpoch(producer, -1), { t: [1] }, { v })
      await s.add(withEpoch(producer, 1), { t: [1] })
      await s.add({ ...producer, producerId: producer.producerId + 100_000 }, { t: [1] })
      await s.describe('tx', 'Ongoing')
      await s.add(producer, { t: [1] }, { v: 4 })
      await s.verify(producer, { t: [0, 1] })
      await s.verify(withEpoch(producer, 1), { t: [0] })
      await s.verify(producer, { t: [0] }, { id: 'nobody' })
      await s.end(producer, true)
      await s.describe()
      await s.verify(producer, { t: [0] })
    },
  },
  {
    name: 'transactions of version 1',
    run: async (s) => {
      const producer = await s.init('tx')
      await s.end(producer, true)
      await s.end(producer, false)
      await s.add(producer, { t: [0] })
      await s.produce(producer, { v: 11 })
      await s.produce(producer, { v: 11, sequence: 1 })
      await s.produce(producer, { v: 11, sequence: 1 })
      await s.fetch()
      await s.producers()
      for (const v of [1, 2]) await s.end(withEpoch(producer, 1), true, { v })
      await s.end(withEpoch(producer, -1), true)
      await s.end(producer, true, { id: 'nobody' })
      await s.end(producer, true, { id: '' })
      await s.end(producer, true)
      await s.describe()
      await s.end(producer, true)
      await s.end(producer, false)
      await s.fetch()
      await s.producers()
      await s.add(producer, { t: [0, 1] }, { v: 0 })
      await s.produce(producer, { v: 7, sequence: 2 })
      await s.produce(producer, { v: 7, partition: 1 })
      await s.end(producer, false, { v: 0 })
      await s.describe()
      await s.end(producer, false)
      await s.end(producer, true)
      for (const partition of [0, 1]) await s.fetch(partition)
    },
  },
  {
    name: 'transactions of version 2',
    run: async (s) => {
      let producer = await s.init('tx')
      await s.end(producer, true, { v: 5 })
      await s.produce(producer)
      await s.produce(producer, { partition: 1 })
      await s.describe('tx', 'Ongoing')
      await s.end(withEpoch(producer, -1), true, { v: 5 })
      await s.end(withEpoch(producer, 1), true, { v: 5 })
      const before = producer
      producer = await s.end(producer, true, { v: 5 })
      await s.describe()
      await s.producers()
      await s.fetch()
      await s.end(before, true, { v: 5 })
      await s.end(before, false, { v: 5 })
      await s.end(producer, true, { v: 5 })
      await s.produce(before, { sequence: 1 })
      await s.produce(producer, { count: 3 })
      producer = await s.end(producer, false, { v: 5 })
      await s.describe()
      await s.fetch()
      const aborted = producer
      producer = await s.end(producer, false, { v: 5 })
      await s.describe()
      await s.end(aborted, false, { v: 5 })
      await s.end(aborted, true, { v: 5 })
      await s.end(withEpoch(aborted, -1), false, { v: 5 })
      await s.produce(producer)
      await s.end(producer, true, { v: 4 })
      await s.describe()
      await s.fetch()
    },
  },
  {
    name: 'both versions by turns',
    run: async (s) => {
      let producer = await s.init('tx')
      await s.add(producer, { t: [0] })
      await s.produce(producer, { v: 12 })
      await s.describe('tx', 'Ongoing')
      producer = await s.end(producer, true, { v: 5 })
      await s.describe()
      await s.end(producer, true, { v: 3 })
      await s.end(producer, false, { v: 3 })
      await s.produce(producer, { v: 12 })
      await s.end(producer, true, { v: 3 })
      await s.describe()
      await s.produce(producer, { v: 12, sequence: 1 })
      await s.end(producer, false, { v: 5 })
      await s.describe()
      await s.fetch()
    },
  },
  {
    name: 'who may produce',
    run: async (s) => {
      const producer = await s.init('tx')
      for (const v of [3, 7, 10, 11]) await s.produce(producer, { v })
      await s.produce(producer, { transactionalId: null })
      await s.produce(producer, { id: 'nobody' })
      await s.produce(producer, { id: 'nobody', v: 11 })
      await s.produce(producer, { transactionalId: '' })
      await s.produce(withEpoch(producer, 1))
      await s.produce(withEpoch(producer, 1), { v: 10 })
      await s.produce({ ...producer, producerId: producer.producerId + 100_000 })
      await s.produce(producer, { sequence: 5 })
      await s.describe('tx', 'Ongoing')
      await s.produce(producer)
      await s.produce(producer, { isTransactional: false, sequence: 1 })
      await s.produce(producer, { transactionalId: null, sequence: 1 })
      await s.produce(producer, { v: 3, sequence: 2 })
      await s.produce({ producerId: -1, producerEpoch: -1 }, { sequence: -1, isTransactional: true })
      await s.end(producer, false, { v: 5 })
      await s.describe()
      await s.fetch()
      await s.produce(producer, { sequence: 3 })
      await s.produce(producer, { sequence: 3, isTransactional: false, transactionalId: null })
    },
  },
  {
    name: 'another producer takes over',
    run: async (s) => {
      const first = await s.init('tx')
      await s.produce(first, { count: 2 })
      await s.init('tx')
      await s.describe()
      await s.end(first, true, { v: 5 })
      await s.end(first, true, { v: 3 })
      await s.end(first, true, { v: 1 })
      await s.add(first, { t: [1] })
      await s.produce(first, { sequence: 2 })
      await s.produce(first, { partition: 1 })
      const second = await s.init('tx')
      await s.fetch()
      await s.add(second, { t: [0] })
      await s.produce(second, { v: 11 })
      await s.init('tx', { expected: second })
      await s.describe()
      await s.init('tx', { expected: second })
      await s.init('tx', { expected: withEpoch(second, 1) })
      await s.init('tx')
      await s.fetch()
      await s.producers()
    },
  },
  {
    name: 'a transaction times out',
    run: async (s) => {
      const producer = await s.init('tx', { timeoutMs: 500 })
      await s.produce(producer, { count: 2 })
      await s.describe('tx', 'CompleteAbort')
      await s.fetch()
      await s.producers()
      await s.end(producer, true, { v: 5 })
      await s.end(producer, false, { v: 3 })
      await s.produce(producer, { sequence: 2 })
      await s.init('tx', { expected: producer })
      await s.init('tx')
    },
  },
  {
    name: 'offsets in a transaction',
    run: async (s) => {
      await s.findCoordinator('g', 0)
      let producer = await s.init('tx')
      await s.commitOffset(producer, 'g', { v: 3 })
      await s.commitOffset(producer, 'g', { v: 4 })
      await s.addOffsets(producer, 'g')
      await s.addOffsets(withEpoch(producer, 1), 'g', { v: 1 })
      await s.addOffsets(withEpoch(producer, 1), 'g', { v: 2 })
      await s.addOffsets(producer, 'g', { id: 'nobody' })
      await s.addOffsets(producer, 'g', { id: '' })
      for (const v of [0, 1, 2, 3]) await s.commitOffset(producer, 'g', { v, offset: 10 + v })
      await s.fetchOffsets('g', true)
      await s.fetchOffsets('g', false)
      await s.fetchOffsets('g', true, true)
      await s.end(producer, true)
      await s.describe()
      await s.fetchOffsets('g', true)
      await s.commitOffset(producer, 'g', { offset: 20 })
      await s.commitOffset(producer, 'g', { offset: 21, partition: 1 })
      await s.describe('tx', 'Ongoing')
      await s.fetchOffsets('g', true, true)
      producer = await s.end(producer, false, { v: 5 })
      await s.describe()
      await s.fetchOffsets('g', true)
      await s.commitOffset(producer, 'g', { topic: 'nope' })
      await s.commitOffset(producer, 'g', { partition: 9 })
      await s.commitOffset(producer, '')
      await s.commitOffset(producer, 'g', { metadata: 'm'.repeat(4097) })
      await s.commitOffset(producer, 'other', { generationId: 3, memberId: 'm' })
      await s.commitOffset(producer, 'g', { generationId: 3, memberId: 'm' })
      await s.commitOffset(producer, 'g', { memberId: 'm' })
      await s.commitOffset(withEpoch(producer, -1), 'g')
      await s.commitOffset(producer, 'g', { id: 'nobody' })
      await s.commitOffset(producer, 'g', { partition: 1, offset: 31 })
      producer = await s.end(producer, true, { v: 5 })
      await s.describe()
      await s.fetchOffsets('g', true)
    },
  },
  {
    name: 'markers from outside',
    run: async (s) => {
      const producer = await s.init('tx')
      await s.mark(producer, false, { topic: 'nope' })
      await s.mark(producer, false, { partition: 9 })
      await s.produce(producer)
      await s.mark(producer, false)
      await s.fetch()
      await s.producers()
      await s.mark(producer, false)
      await s.mark(producer, true)
      await s.mark(producer, false, { coordinatorEpoch: -1 })
      await s.produce(producer, { sequence: 1 })
      await s.mark(producer, true, { v: 2, version: 2 })
      await s.mark(withEpoch(producer, 1), true, { v: 2, version: 2 })
      await s.mark(withEpoch(producer, 1), true, { v: 2, version: 2 })
      await s.mark(producer, true, { v: 2, version: 2 })
      await s.fetch()
      await s.producers()
      await s.produce(producer, { sequence: 2 })
      await s.end(producer, true, { v: 5 })
      await s.describe()
      await s.fetch()
    },
  },
  {
    name: 'transactions are listed',
    run: async (s) => {
      const open = await s.init('tx')
      await s.init('quiet')
      await s.produce(open)
      for (const v of [0, 1, 2]) await s.list({ v, producers: [open.producerId] })
      await s.list({ states: ['Ongoing'], producers: [open.producerId] })
      await s.list({ states: ['Empty', 'Dead', 'nope'], producers: [open.producerId] })
      await s.list({ states: ['nope'], producers: [open.producerId] })
      await s.list({ states: ['ongoing'], producers: [open.producerId] })
      await s.list({ durationMs: 0, producers: [open.producerId] })
      await s.list({ durationMs: 1_000_000, producers: [open.producerId] })
      await s.list({ pattern: '(', producers: [open.producerId] })
      await s.list({ pattern: '', producers: [open.producerId] })
      await s.list({ pattern: '.*nope', producers: [open.producerId] })
      await s.list({ pattern: '.*x', producers: [open.producerId] })
      await s.end(open, false, { v: 5 })
    },
  },
]
