import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type CompressionName, compress, decompress } from '../../../broker/records/compression.ts'
import { encodeEndTransactionMarker, endTransactionMarkerOf } from '../../../broker/records/control-record.ts'
import {
  CorruptRecordError,
  DecompressedTooLargeError,
} from '../../../broker/records/corrupt-record-error.ts'
import { crc32c, slicedCrc32c } from '../../../broker/records/crc32c.ts'
import { recordsOf } from '../../../broker/records/record.ts'
import { batchesOf, RecordBatch, readInt64, writeInt64 } from '../../../broker/records/record-batch.ts'
import { encodeRecordBatch } from '../../../broker/records/record-batch-builder.ts'
import { VarintReader, varintBytes, writeVarint } from '../../../broker/records/varint.ts'

const codecs: readonly CompressionName[] = ['none', 'gzip', 'snappy', 'lz4', 'zstd']
const bytes = (options?: { maxLength: number }) => fc.uint8Array(options).map((array) => Buffer.from(array))
const safe = fc.integer({ min: -Number.MAX_SAFE_INTEGER, max: Number.MAX_SAFE_INTEGER })

describe('numbers', () => {
  test('CRC-32C: the check value of the catalogue, and both ways agree at every length', () => {
    expect(crc32c(Buffer.from('123456789'))).toBe(0xe3069283)
    const input = Buffer.from(Array.from({ length: 600 }, (_, index) => (index * 7919) & 255))
    for (let length = 0; length <= input.length; length++) {
      const part = input.subarray(0, length)
      expect(slicedCrc32c(part)).toBe(crc32c(part))
    }
  })

  test('a 64-bit integer comes back', () => {
    fc.assert(
      fc.property(safe, (value) => {
        const buffer = Buffer.alloc(8)
        writeInt64(buffer, value, 0)
        expect(readInt64(buffer, 0)).toBe(value)
        expect(buffer.readBigInt64BE(0)).toBe(BigInt(value))
      }),
    )
  })

  test('a varint comes back and takes the bytes it said', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          safe.filter((value) => Math.abs(value) <= 2 ** 52),
          fc.integer(),
        ),
        (value) => {
          const buffer = Buffer.alloc(10)
          const end = writeVarint(buffer, value, 0)
          expect(end).toBe(varintBytes(value))
          expect(new VarintReader(buffer, 0, end).varlong()).toBe(value)
          if (value === (value | 0)) expect(new VarintReader(buffer, 0, end).varint()).toBe(value)
        },
      ),
    )
  })
})

describe('a record batch', () => {
  const record = fc.record({
    key: fc.option(bytes()),
    value: fc.option(bytes({ maxLength: 2000 })),
    headers: fc.array(fc.record({ key: fc.string(), value: fc.option(bytes()) }), { maxLength: 3 }),
    timestampMs: fc.integer({ min: 0, max: 2 ** 42 }),
  })

  test('gives its records back, in every codec', () => {
    fc.assert(
      fc.property(
        fc.array(record, { minLength: 1, maxLength: 30 }),
        fc.constantFrom(...codecs),
        (records, compression) => {
          const encoded = encodeRecordBatch({
            records,
            compression,
            baseOffset: 1000,
            producerId: 2 ** 40,
            baseSequence: 5,
          })
          const batch = new RecordBatch(encoded)
          expect(batch).toMatchObject({
            sizeBytes: encoded.length,
            magic: 2,
            compression,
            recordCount: records.length,
          })
          expect(batch.hasValidCrc()).toBe(true)
          expect(batch.maxTimestampMs).toBe(Math.max(...records.map((each) => each.timestampMs)))
          expect([...recordsOf(batch)]).toEqual(
            records.map((each, index) => ({ ...each, offset: 1000 + index })),
          )
        },
      ),
      { numRuns: 300 },
    )
  })

  test('random damage is refused or decodes, and never runs away', () => {
    const whole = encodeRecordBatch({
      records: Array.from({ length: 20 }, (_, index) => ({ key: `k${index}`, value: 'v'.repeat(index) })),
    })
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.integer({ min: 0, max: whole.length - 1 }), fc.integer({ min: 0, max: 255 })), {
          minLength: 1,
        }),
        (damage) => {
          const damaged = Buffer.from(whole)
          for (const [at, byte] of damage) damaged[at] = byte
          for (const batch of batchesOf(damaged)) {
            try {
              expect([...recordsOf(batch, 1 << 20)].length).toBeLessThanOrEqual(whole.length)
            } catch (error) {
              if (!(error instanceof DecompressedTooLargeError))
                expect(error).toBeInstanceOf(CorruptRecordError)
            }
          }
        },
      ),
      { numRuns: 2000 },
    )
  })

  test('markers', () => {
    const marker = { type: 'abort' as const, coordinatorEpoch: 7 }
    const batch = new RecordBatch(
      encodeEndTransactionMarker({ ...marker, producerId: 3, producerEpoch: 1, timestampMs: 9 }),
    )
    expect(batch).toMatchObject({
      isControl: true,
      isTransactional: true,
      producerId: 3,
      producerEpoch: 1,
      baseSequence: -1,
    })
    expect(endTransactionMarkerOf(batch)).toEqual(marker)
  })
})

describe('compression', () => {
  test.each(codecs)('%s round trip of all sizes', (codec) => {
    for (const size of [0, 1, 100, 32 * 1024, 200_000]) {
      const input = Buffer.from(Array.from({ length: size }, (_, index) => (index * index) & 0x3f))
      expect(decompress(codec, compress(codec, input), size + 1).equals(input), `${size}`).toBe(true)
    }
  })

  test.each(codecs.slice(1))('%s: a bomb is refused before it has grown', (codec) => {
    const bomb = compress(codec, Buffer.alloc(64 * 1024 * 1024))
    expect(() => decompress(codec, bomb, 1 << 20)).toThrow(DecompressedTooLargeError)
  })

  test.each(codecs.slice(1))('%s: damage is a CorruptRecordError', (codec) => {
    const good = compress(codec, Buffer.from('some bytes '.repeat(500)))
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: good.length - 1 }),
        fc.integer({ min: 1, max: 255 }),
        (at, mask) => {
          const damaged = Buffer.from(good)
          damaged[at]! ^= mask
          try {
            decompress(codec, damaged, 1 << 20)
          } catch (error) {
            if (!(error instanceof DecompressedTooLargeError))
              expect(error).toBeInstanceOf(CorruptRecordError)
          }
        },
      ),
    )
    expect(() => decompress(codec, Buffer.from('nonsense'), 1 << 20)).toThrow(CorruptRecordError)
  })

  test('raw snappy, as librdkafka and others write it', () => {
    // "aaaaaaaaaaaaaaaaaaaa": length 20, a literal of one byte, a copy of 19 at distance 1.
    const raw = Buffer.from([20, 0x00, 0x61, 0x4a, 0x01, 0x00])
    expect(decompress('snappy', raw, 100).toString()).toBe('a'.repeat(20))
  })
})
