import { encodeRequest } from '../../broker/protocol/header.ts'
import { produceRequest } from '../../broker/protocol/schemas/00-produce.ts'
import { fetchRequest } from '../../broker/protocol/schemas/01-fetch.ts'
import { encodeRecordBatch } from '../../broker/records/record-batch-builder.ts'
import type { Step } from './byte-steps.ts'

/** The last versions before the flexible ones: their fields lie at places that are known beforehand. */
export const produceVersion = 7
const fetchVersion = 11
const timestampMs = 1_700_000_000_000

/** A batch of about `batchBytes` of records whose values have `recordBytes` bytes that do not repeat. */
export function pseudoRandomBatch(
  batchBytes: number,
  recordBytes: number,
): { batch: Buffer; records: number } {
  const records = Math.max(1, Math.floor(batchBytes / (recordBytes + 12)))
  const values = Array.from({ length: records }, (_, index) => {
    const value = Buffer.alloc(recordBytes)
    let state = index + 1
    for (let at = 0; at < recordBytes; at++) {
      state = (Math.imul(state, 1_103_515_245) + 12_345) | 0
      value[at] = state >>> 16
    }
    return { value, timestampMs }
  })
  return { batch: encodeRecordBatch({ records: values }), records }
}

/** A whole Produce frame; the same bytes can be sent again and again. */
export function produceFrame(
  topic: string,
  partitions: readonly number[],
  batch: Buffer,
  acks: number,
): Buffer {
  const partitionData = partitions.map((index) => ({ index, records: [batch] }))
  const body = { acks, timeoutMs: 30_000, topicData: [{ name: topic, partitionData }] }
  const header = { correlationId: 1, clientId: 'bench' }
  return Buffer.concat(encodeRequest(produceRequest, produceVersion, header, body))
}

/** Reads Produce answers; calls `answered` for each, and throws at the first error code. */
export function* produceAnswers(answered: () => void): Generator<Step, void, Buffer> {
  for (;;) {
    for (let topics = (yield { take: 12 }).readInt32BE(8); topics > 0; topics--) {
      yield { skip: (yield { take: 2 }).readInt16BE(0) }
      for (let partitions = (yield { take: 4 }).readInt32BE(0); partitions > 0; partitions--) {
        const errorCode = (yield { take: 30 }).readInt16BE(4)
        if (errorCode !== 0) throw new Error(`Produce was answered with error code ${errorCode}`)
      }
    }
    yield { take: 4 }
    answered()
  }
}

export function fetchFrame(topic: string, offsets: ReadonlyMap<number, number>, maxBytes: number): Buffer {
  const partitions = [...offsets].map(([partition, fetchOffset]) => ({
    partition,
    fetchOffset,
    partitionMaxBytes: 1024 * 1024,
  }))
  const body = {
    maxWaitMs: 500,
    minBytes: 1,
    maxBytes,
    topics: [{ topic, partitions }],
    forgottenTopicsData: [],
  }
  return Buffer.concat(
    encodeRequest(fetchRequest, fetchVersion, { correlationId: 1, clientId: 'bench' }, body),
  )
}

/** Reads Fetch answers without touching records: says how many bytes of them each partition sent. */
export function* fetchAnswers(
  received: (partition: number, recordBytes: number) => void,
  answered: () => void,
): Generator<Step, void, Buffer> {
  for (;;) {
    const head = yield { take: 22 }
    const errorCode = head.readInt16BE(12)
    if (errorCode !== 0) throw new Error(`Fetch was answered with error code ${errorCode}`)
    for (let topics = head.readInt32BE(18); topics > 0; topics--) {
      yield { skip: (yield { take: 2 }).readInt16BE(0) }
      for (let partitions = (yield { take: 4 }).readInt32BE(0); partitions > 0; partitions--) {
        const fields = yield { take: 34 }
        if (fields.readInt16BE(4) !== 0) throw new Error(`Fetch: error code ${fields.readInt16BE(4)}`)
        yield { skip: Math.max(0, fields.readInt32BE(30)) * 16 }
        const recordBytes = Math.max(0, (yield { take: 8 }).readInt32BE(4))
        yield { skip: recordBytes }
        received(fields.readInt32BE(0), recordBytes)
      }
    }
    answered()
  }
}
