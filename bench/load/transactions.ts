import { WireClient } from '../../broker/protocol/client.ts'
import { errorOf } from '../../broker/protocol/error-codes.ts'
import { produceRequest, produceResponse } from '../../broker/protocol/schemas/00-produce.ts'
import {
  findCoordinatorRequest,
  findCoordinatorResponse,
} from '../../broker/protocol/schemas/10-find-coordinator.ts'
import {
  initProducerIdRequest,
  initProducerIdResponse,
} from '../../broker/protocol/schemas/22-init-producer-id.ts'
import { endTxnRequest, endTxnResponse } from '../../broker/protocol/schemas/26-end-txn.ts'
import { encodeRecordBatch } from '../../broker/records/record-batch-builder.ts'

/** Producers that each write one record a transaction and commit it, one after the other, for a time. */
export type TransactionLoad = {
  kind: 'transactions'
  port: number
  topic: string
  partitions: number
  producers: number
  recordBytes: number
  seconds: number
}

export type Transactions = { perSecond: number; p50Ms: number; p99Ms: number }

type Producer = { producerId: number; producerEpoch: number; errorCode: number }

/** What a client waits out and tries again: the transaction before is still being ended, or a start is under way. */
const transient = new Set([
  'CONCURRENT_TRANSACTIONS',
  'COORDINATOR_LOAD_IN_PROGRESS',
  'COORDINATOR_NOT_AVAILABLE',
  'NOT_COORDINATOR',
  'NOT_ENOUGH_REPLICAS',
  'NOT_LEADER_OR_FOLLOWER',
])

async function untilTaken<Answer>(errorOfAnswer: (answer: Answer) => number, ask: () => Promise<Answer>) {
  for (;;) {
    const answer = await ask()
    const { name } = errorOf(errorOfAnswer(answer))
    if (name === 'NONE') return answer
    if (!transient.has(name)) throw new Error(`the broker answers ${name}`)
  }
}

async function begin(client: WireClient, transactionalId: string): Promise<Producer> {
  await untilTaken(
    ({ coordinators }) => coordinators[0]!.errorCode,
    () =>
      client.send(findCoordinatorRequest, findCoordinatorResponse, 4, {
        keyType: 1,
        coordinatorKeys: [transactionalId],
      }),
  )
  const body = { transactionalId, transactionTimeoutMs: 60_000, producerId: -1, producerEpoch: -1 }
  return untilTaken(
    ({ errorCode }) => errorCode,
    () => client.send(initProducerIdRequest, initProducerIdResponse, 5, body),
  )
}

async function produceLoop(load: TransactionLoad, index: number, untilMs: number): Promise<number[]> {
  await using client = await WireClient.connect({ port: load.port, timeoutMs: 30_000 })
  const transactionalId = `${load.topic}-${index}`
  const value = Buffer.alloc(load.recordBytes, 97)
  const samples: number[] = []
  let producer = await begin(client, transactionalId)
  while (performance.now() < untilMs) {
    const startMs = performance.now()
    const { producerId, producerEpoch } = producer
    const identity = { producerId, producerEpoch }
    const batch = { records: [{ value }], timestampMs: Date.now(), ...identity }
    await untilTaken(
      ({ responses }) => responses[0]!.partitionResponses[0]!.errorCode,
      () => {
        const records = encodeRecordBatch({ ...batch, baseSequence: 0, isTransactional: true })
        const partitionData = [{ index: index % load.partitions, records }]
        const topicData = [{ name: load.topic, partitionData }]
        return client.send(produceRequest, produceResponse, 12, {
          ...{ transactionalId, acks: -1, timeoutMs: 10_000 },
          topicData,
        })
      },
    )
    producer = await untilTaken(
      ({ errorCode }) => errorCode,
      () => client.send(endTxnRequest, endTxnResponse, 5, { transactionalId, ...identity, committed: true }),
    )
    samples.push(performance.now() - startMs)
  }
  return samples
}

/** One transaction is one produce and one commit, from the first byte to the answer. */
export async function transactions(load: TransactionLoad): Promise<Transactions> {
  const startMs = performance.now()
  const untilMs = startMs + load.seconds * 1_000
  const loops = Array.from({ length: load.producers }, (_, index) => produceLoop(load, index, untilMs))
  const samples = (await Promise.all(loops)).flat().sort((a, b) => a - b)
  const seconds = (performance.now() - startMs) / 1_000
  const quantile = (q: number) => samples[Math.min(samples.length - 1, Math.floor(samples.length * q))]!
  return { perSecond: samples.length / seconds, p50Ms: quantile(0.5), p99Ms: quantile(0.99) }
}
