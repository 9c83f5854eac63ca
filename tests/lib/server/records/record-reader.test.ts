import { createRecordsBatch } from '@platformatic/kafka'
import { describe, expect, test } from 'vitest'
import { cursorsOf, offsetAfter, type RawRecord } from '../../../../lib/server/records/record-reader.ts'

const codecs = ['none', 'gzip', 'snappy', 'lz4', 'zstd'] as const

function batch(baseOffset: number, options: Parameters<typeof createRecordsBatch>[1] = {}): Buffer {
  const messages = [
    { topic: 't', key: Buffer.from('k'), value: Buffer.from('v'.repeat(300)), timestamp: 1_700_000_000_000n },
    {
      topic: 't',
      value: Buffer.alloc(0),
      timestamp: 1_699_999_999_000n,
      headers: new Map([
        [Buffer.from('a'), Buffer.from('1')],
        [Buffer.from('a'), Buffer.from('2')],
      ]),
    },
    { topic: 't', key: Buffer.from('gone'), value: null as unknown as Buffer, timestamp: 1_700_000_000_005n },
  ]
  const bytes = Buffer.from(createRecordsBatch(messages, options).buffer)
  bytes.writeBigInt64BE(BigInt(baseOffset), 0)
  return bytes
}

function read(bytes: Buffer, aborted: { producerId: number; firstOffset: number }[] = []): RawRecord[] {
  const records: RawRecord[] = []
  for (const cursor of cursorsOf(bytes, 7, aborted)) while (cursor.next()) records.push(cursor.record())
  return records
}

/** Bits of the attributes (KIP-98). */
function mark(bytes: Buffer, bits: number): Buffer {
  bytes.writeInt16BE(bytes.readInt16BE(21) | bits, 21)
  return bytes
}

describe('record reader', () => {
  test.each(codecs)('reads what a client wrote with %s', (compression) => {
    const [first, second, third] = read(batch(40, { compression }))
    expect(first).toMatchObject({ partition: 7, offset: 40, timestamp: 1_700_000_000_000, headers: [] })
    expect(first!.key!.toString()).toBe('k')
    expect(first!.value!.length).toBe(300)
    expect(first!.batch.compression).toBe(compression)
    expect(second).toMatchObject({ offset: 41, timestamp: 1_699_999_999_000, key: null })
    expect(second!.value!.length).toBe(0)
    expect(second!.headers.map(({ key, value }) => [key, value!.toString()])).toEqual([
      ['a', '1'],
      ['a', '2'],
    ])
    expect(third).toMatchObject({ offset: 42, timestamp: 1_700_000_000_005, value: null })
  })

  test('a cut last batch is left out, and the next offset is that of the last whole one', () => {
    const whole = Buffer.concat([batch(0), batch(3)])
    for (const cut of [whole.length - 1, batch(0).length + 20, batch(0).length]) {
      expect(read(whole.subarray(0, cut)).map(({ offset }) => offset)).toEqual([0, 1, 2])
      expect(offsetAfter(whole.subarray(0, cut))).toBe(3)
    }
    expect(offsetAfter(whole)).toBe(6)
    expect(offsetAfter(whole.subarray(0, 30))).toBeUndefined()
  })

  test('LogAppendTime gives every record the batch time', () => {
    const records = read(mark(batch(0), 8))
    expect(records.map(({ timestamp }) => timestamp)).toEqual(Array(3).fill(1_700_000_000_005))
  })

  test('control batches are left out but move the position', () => {
    const bytes = Buffer.concat([batch(0), mark(batch(3), 0x30)])
    expect(read(bytes)).toHaveLength(3)
    expect(offsetAfter(bytes)).toBe(6)
  })

  test('records of an aborted transaction are skipped up to its marker', () => {
    const own = (base: number) => mark(batch(base, { producerId: 9n, producerEpoch: 0 }), 0x10)
    const marker = mark(batch(6, { producerId: 9n, producerEpoch: 0 }), 0x30)
    const bytes = Buffer.concat([own(0), batch(3), marker, own(9)])
    expect(read(bytes, [{ producerId: 9, firstOffset: 0 }]).map(({ offset }) => offset)).toEqual([
      3, 4, 5, 9, 10, 11,
    ])
    expect(read(bytes)).toHaveLength(9)
  })
})
