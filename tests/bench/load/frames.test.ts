import { describe, expect, test } from 'vitest'
import { ByteSteps } from '../../../bench/load/byte-steps.ts'
import { fetchAnswers, produceAnswers, pseudoRandomBatch } from '../../../bench/load/frames.ts'
import { encodeResponse } from '../../../broker/protocol/header.ts'
import { produceResponse } from '../../../broker/protocol/schemas/00-produce.ts'
import { fetchResponse } from '../../../broker/protocol/schemas/01-fetch.ts'

function feed(steps: ByteSteps, bytes: Buffer, chunkBytes: number): void {
  for (let at = 0; at < bytes.length; at += chunkBytes) steps.push(bytes.subarray(at, at + chunkBytes))
}

function produceAnswer(errorCode: number): Buffer {
  const partitionResponses = [0, 1].map((index) => ({ index, errorCode, baseOffset: 7 }))
  return Buffer.concat(
    encodeResponse(produceResponse, 7, 1, { responses: [{ name: 'topic', partitionResponses }] }),
  )
}

describe.each([1, 7, 100_000])('in chunks of %d bytes', (chunkBytes) => {
  test('Produce answers are counted', () => {
    let answered = 0
    const steps = new ByteSteps(produceAnswers(() => answered++))
    feed(steps, Buffer.concat([produceAnswer(0), produceAnswer(0), produceAnswer(0)]), chunkBytes)
    expect(answered).toBe(3)
  })

  test('an error code in a Produce answer throws', () => {
    const steps = new ByteSteps(produceAnswers(() => {}))
    expect(() => feed(steps, produceAnswer(6), chunkBytes)).toThrow('error code 6')
  })

  test('Fetch answers give the bytes of each partition', () => {
    const partition = {
      errorCode: 0,
      highWatermark: 9,
      abortedTransactions: [{ producerId: 1, firstOffset: 2 }],
    }
    const partitions = [
      { ...partition, partitionIndex: 4, records: Buffer.alloc(500) },
      { ...partition, partitionIndex: 9, abortedTransactions: null, records: Buffer.alloc(0) },
    ]
    const body = { throttleTimeMs: 0, errorCode: 0, responses: [{ topic: 'topic', partitions }] }
    const answer = Buffer.concat(encodeResponse(fetchResponse, 11, 1, body))
    const seen: string[] = []
    const steps = new ByteSteps(
      fetchAnswers(
        (index, bytes) => seen.push(`${index}: ${bytes}`),
        () => seen.push('answered'),
      ),
    )
    feed(steps, Buffer.concat([answer, answer]), chunkBytes)
    expect(seen).toEqual(['4: 500', '9: 0', 'answered', '4: 500', '9: 0', 'answered'])
  })
})

test('a batch has about the size asked for, and one record at least', () => {
  const { batch, records } = pseudoRandomBatch(16_384, 1000)
  expect(records).toBe(16)
  expect(batch.length).toBeLessThanOrEqual(16_384)
  expect(pseudoRandomBatch(0, 1000).records).toBe(1)
})
