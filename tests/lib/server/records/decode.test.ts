import { encode as encodeMessagePack } from '@msgpack/msgpack'
import { encode as encodeCbor } from 'cborg'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { decodeDatum, decodeValue, pageDecoding } from '../../../../lib/server/records/decode.ts'

const format = (bytes: Buffer | string | null) =>
  decodeDatum(typeof bytes === 'string' ? Buffer.from(bytes) : bytes).format

describe('detection', () => {
  test.each([
    [null, 'null'],
    ['', 'empty'],
    ['{"a":[1,2]}', 'json'],
    ['12.5', 'json'],
    ['{"a":', 'utf8'],
    ['<a><b/></a>', 'xml'],
    ['<a>', 'utf8'],
    ['DFW', 'utf8'],
    ['Zürich — 東京', 'utf8'],
    [Buffer.from(encodeMessagePack({ a: 1, b: ['x'] })), 'msgpack'],
    [Buffer.from(encodeCbor({ a: 1, b: ['x'] })), 'cbor'],
    [Buffer.from([0, 0, 0, 0, 0, 0, 0, 42]), 'number'],
    [Buffer.from([0xff, 0xfe, 0x00, 0x01, 0x02]), 'hex'],
  ])('%o is %s', (bytes, expected) => expect(format(bytes)).toBe(expected))

  test('binary formats are shown as JSON', () => {
    const value = { id: 7, when: 2n ** 60n, raw: new Uint8Array([1, 2]) }
    expect(decodeDatum(Buffer.from(encodeCbor(value))).text).toBe(
      '{"id":7,"raw":"AQI=","when":"1152921504606846976"}',
    )
  })

  test('it says what was tried and why it did not fit', () => {
    const { tried } = decodeDatum(Buffer.from('{"a":'))
    expect(tried.map((attempt) => attempt.format)).toEqual(['json', 'xml'])
    expect(tried[0]!.reason).toContain('JSON')
  })

  test('a chosen decoder goes first, and detection follows where it does not fit', () => {
    const options = { ...pageDecoding, decoder: 'hex' } as const
    expect(decodeDatum(Buffer.from('AB'), options)).toMatchObject({ format: 'hex', text: '4142' })
    const wrong = decodeDatum(Buffer.from('plain'), { ...options, decoder: 'cbor' })
    expect(wrong.format).toBe('utf8')
    expect(wrong.tried[0]!.format).toBe('cbor')
  })

  test('ten megabytes come cut and quickly', () => {
    const large = Buffer.from(`{"a":"${'x'.repeat(10_000_000)}"}`)
    const begun = performance.now()
    const datum = decodeDatum(large)
    expect(performance.now() - begun).toBeLessThan(500)
    expect(datum).toMatchObject({ format: 'json', truncated: true, size: large.length })
    expect(datum.text.length).toBe(pageDecoding.maxText)
  })

  test('any bytes decode without throwing', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        const datum = decodeDatum(Buffer.from(bytes))
        expect(datum.size).toBe(bytes.length)
        decodeValue(Buffer.from(bytes), 'auto')
      }),
    )
  })
})
