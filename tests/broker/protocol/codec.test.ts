import { describe, expect, expectTypeOf, test } from 'vitest'
import { decode, encode, encodeBuffer } from '../../../broker/protocol/codec.ts'
import { DecodeError, EncodeError } from '../../../broker/protocol/errors.ts'
import {
  arrayOf,
  bytes,
  type Decoded,
  type Encodable,
  int16,
  int32,
  int64,
  message,
  string,
  struct,
} from '../../../broker/protocol/fields.ts'
import { consumerGroupMemberMetadataValue } from '../../../broker/protocol/records/consumer-group.ts'
import { produceRequest, produceResponse } from '../../../broker/protocol/schemas/00-produce.ts'
import { fetchResponse } from '../../../broker/protocol/schemas/01-fetch.ts'
import type { metadataRequest } from '../../../broker/protocol/schemas/03-metadata.ts'

function thrownBy(run: () => unknown): Error {
  try {
    run()
  } catch (error) {
    return error as Error
  }
  throw new Error('nothing was thrown')
}

const produce = (records: Buffer | readonly Buffer[]): Encodable<typeof produceRequest> => ({
  acks: -1,
  timeoutMs: 30_000,
  topicData: [{ name: 'orders', partitionData: [{ index: 3, records }] }],
})

describe('types', () => {
  test('are those of the table', () => {
    type Partition = Decoded<typeof produceRequest>['topicData'][number]['partitionData'][number]
    expectTypeOf<Partition>().toEqualTypeOf<{ index: number; records: Buffer | null }>()
    expectTypeOf<Decoded<typeof metadataRequest>['topics']>().toEqualTypeOf<
      { topicId: string; name: string | null }[] | null
    >()
    type Answer = Encodable<typeof produceResponse>['responses'][number]['partitionResponses'][number]
    expectTypeOf<Answer['errorCode']>().toEqualTypeOf<number>()
    expectTypeOf<Answer['logStartOffset']>().toEqualTypeOf<number | undefined>()
    // @ts-expect-error index, errorCode and baseOffset have no default
    const incomplete: Answer = { index: 1 }
    expect(incomplete).toBeDefined()
  })
})

describe('bytes and records', () => {
  test('big ones go out as they are, in as many chunks as they have', () => {
    const first = Buffer.alloc(4096, 1)
    const second = Buffer.alloc(9000, 2)
    const chunks = encode(produceRequest, 11, produce([first, second]))
    expect(chunks).toContain(first)
    expect(chunks).toContain(second)
    const { topicData } = decode(produceRequest, 11, Buffer.concat(chunks))
    expect(topicData[0]!.partitionData[0]!.records).toEqual(Buffer.concat([first, second]))
  })

  test('come in as views on the frame', () => {
    const frame = encodeBuffer(produceRequest, 11, produce(Buffer.alloc(5000, 9)))
    const records = decode(produceRequest, 11, frame).topicData[0]!.partitionData[0]!.records!
    expect(records.buffer).toBe(frame.buffer)
    frame.fill(7, records.byteOffset - frame.byteOffset)
    expect(records[0]).toBe(7)
  })

  test('no records are zero bytes, not null', () => {
    const partition = { partitionIndex: 0, errorCode: 0, highWatermark: 0, abortedTransactions: null }
    const body = {
      throttleTimeMs: 0,
      responses: [{ partitions: [{ ...partition, records: Buffer.alloc(0) }] }],
    }
    const decoded = decode(fetchResponse, 12, encodeBuffer(fetchResponse, 12, body))
    expect(decoded.responses[0]!.partitions[0]!.records).toEqual(Buffer.alloc(0))
  })
})

describe('decoding errors', () => {
  test('say the message, the field and the byte', () => {
    const frame = encodeBuffer(produceRequest, 7, produce(Buffer.alloc(10)))
    const error = thrownBy(() =>
      decode(produceRequest, 7, frame.subarray(0, frame.length - 1)),
    ) as DecodeError
    expect(error).toBeInstanceOf(DecodeError)
    expect(error.field).toBe('ProduceRequest v7.topicData[0].partitionData[0].records')
    expect(error.message).toBe(
      'cannot decode ProduceRequest v7.topicData[0].partitionData[0].records at byte 32: 10 bytes needed, 9 left',
    )
  })

  const counted = message({ name: 'Counted', versions: '0', flexible: 'none' }, { many: arrayOf(int32()) })

  test('an array count is checked before anything is allocated', () => {
    const error = thrownBy(() => decode(counted, 0, Buffer.from('7fffffff00000001', 'hex')))
    expect(error.message).toContain('an array of 2147483647 does not fit in the 4 bytes left')
    expect(thrownBy(() => decode(counted, 0, Buffer.from('ffffffff', 'hex'))).message).toContain('null')
    expect(thrownBy(() => decode(counted, 0, Buffer.from('fffffffe', 'hex'))).message).toContain('-2')
  })

  test('a message has a budget of array elements', () => {
    const nested = message(
      { name: 'Nested', versions: '0', flexible: '0+' },
      { many: arrayOf({ names: arrayOf(string()) }) },
    )
    const bytes = Buffer.alloc(8_000_004, 1)
    // 2,000,000 structs of two bytes each would fit into the frame.
    bytes.set([0x81, 0x89, 0x7a], 0)
    expect(thrownBy(() => decode(nested, 0, bytes)).message).toContain('more than 1000000 array elements')
  })

  const wide = message({ name: 'Wide', versions: '0', flexible: 'none' }, { offset: int64() })

  test('64-bit integers are exact up to 2^53 and the nearest beyond; the greatest stands for no limit', () => {
    const hex = (text: string) => decode(wide, 0, Buffer.from(text, 'hex')).offset
    expect(hex('ffffffffffffffff')).toBe(-1)
    expect(hex('001ffffffffffffe')).toBe(Number.MAX_SAFE_INTEGER - 1)
    expect(hex('ffe0000000000001')).toBe(Number.MIN_SAFE_INTEGER)
    expect(hex('7fffffffffffffff')).toBe(Number.MAX_SAFE_INTEGER)
    expect(encodeBuffer(wide, 0, { offset: Number.MAX_SAFE_INTEGER }).toString('hex')).toBe(
      '7fffffffffffffff',
    )
    expect(hex('0020000000000000')).toBe(Number.MAX_SAFE_INTEGER)
    expect(hex('8000000000000000')).toBe(Number.MIN_SAFE_INTEGER)
  })

  test('every negative length is null where null may be, as Kafka reads it', () => {
    const shape = { name: string('0+', { nullable: '0+' }) }
    const plain = message({ name: 'Plain', versions: '0', flexible: 'none' }, shape)
    const compact = message({ name: 'Compact', versions: '0', flexible: '0+' }, shape)
    expect(decode(plain, 0, Buffer.from('fffe', 'hex')).name).toBeNull()
    expect(decode(compact, 0, Buffer.from('f0ffffff0f00', 'hex')).name).toBeNull()
    // And a count of tags beyond 31 bits is none.
    expect(decode(compact, 0, Buffer.from('00ffffffff0f', 'hex')).name).toBeNull()
  })

  test('a tag of another version is refused, one of none is skipped', () => {
    const later = message(
      { name: 'Later', versions: '0-1', flexible: '0+' },
      { epoch: int32('1+', { tag: 0, default: -1 }) },
    )
    const bytes = (tag: number) => Buffer.from([1, tag, 4, 0, 0, 0, 5])
    expect(decode(later, 1, bytes(0)).epoch).toBe(5)
    expect(decode(later, 0, bytes(1)).epoch).toBe(-1)
    expect(thrownBy(() => decode(later, 0, bytes(0))).message).toContain('another version')
  })

  const tagged = message(
    { name: 'Tagged', versions: '0', flexible: '0+' },
    { epoch: int32('0+', { tag: 3, default: -1 }) },
  )

  test('unknown tagged fields are skipped, a tagged field must fill its size', () => {
    const known = '0304' + '00000007'
    expect(decode(tagged, 0, Buffer.from(`0201020304${known}`, 'hex'))).toEqual({ epoch: 7 })
    expect(thrownBy(() => decode(tagged, 0, Buffer.from('01030500000007ff', 'hex'))).message).toContain(
      '1 bytes too many',
    )
    expect(thrownBy(() => decode(tagged, 0, Buffer.from('010303000007', 'hex'))).message).toContain(
      'Tagged v0.epoch',
    )
  })

  test('a varint of more than 32 bits is none', () => {
    expect(thrownBy(() => decode(tagged, 0, Buffer.from('ffffffffff01', 'hex'))).message).toContain('varint')
    expect(thrownBy(() => decode(tagged, 0, Buffer.from('ffffffff7f', 'hex'))).message).toContain('varint')
  })
})

describe('encoding', () => {
  const sample = message(
    { name: 'Sample', versions: '0-2', flexible: '2+' },
    {
      id: int16(),
      label: string('0+', { nullable: '1+' }),
      raw: bytes('1+'),
      inner: struct({ size: int32('0+', { default: 7 }) }, '2+', { nullable: '2+', tag: 1, default: null }),
    },
  )

  test('a value that does not fit is an EncodeError with the field', () => {
    const error = thrownBy(() => encode(sample, 0, { id: 70_000, label: '' }))
    expect(error).toBeInstanceOf(EncodeError)
    expect(error.message).toBe('cannot encode Sample v0.id: 70000 is not an integer from -32768 to 32767')
    expect(thrownBy(() => encode(sample, 0, { id: 1, label: null })).message).toContain(
      'Sample v0.label: null',
    )
    expect(thrownBy(() => encode(sample, 0, { id: 1, label: 'x'.repeat(40_000) })).message).toContain('32767')
    expect(thrownBy(() => encode(sample, 0, { id: 1.5, label: '' })).message).toContain('1.5')
    const nan = { throttleTimeMs: Number.NaN, responses: [] }
    expect(thrownBy(() => encode(produceResponse, 9, nan)).message).toContain('throttleTimeMs')
  })

  test('a version outside the range is a RangeError', () => {
    expect(() => encode(sample, 3, { id: 1, label: '' })).toThrow(RangeError)
    expect(() => decode(produceRequest, 2, Buffer.alloc(0))).toThrow(
      'ProduceRequest has no version 2: it has 3 to 13',
    )
  })

  test('a tagged struct is left out, null or there', () => {
    const hex = (inner?: { size?: number } | null) =>
      encodeBuffer(sample, 2, { id: 1, label: '', inner }).toString('hex')
    expect(hex()).toBe('0001010100')
    expect(hex(null)).toBe('0001010100')
    expect(hex({ size: 9 })).toBe('0001010101' + '0106' + '01' + '00000009' + '00')
    expect(decode(sample, 2, Buffer.from(hex({}), 'hex')).inner).toEqual({ size: 7 })
  })

  test('null in a tagged struct whose default is no null has a mark of its own, as Kafka writes it', () => {
    const member = { instanceId: '', rackId: '', clientId: '', clientHost: '', subscribedTopicNames: [] }
    const value = { ...member, subscribedTopicRegex: '', serverAssignor: '', classicMemberMetadata: null }
    const bytes = encodeBuffer(consumerGroupMemberMetadataValue, 0, value)
    expect(bytes.toString('hex')).toBe('010101010101ffffffff0101000100')
    expect(decode(consumerGroupMemberMetadataValue, 0, bytes).classicMemberMetadata).toBeNull()
  })
})
