import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { decodeFrom, encode, encodeBuffer } from '../../../broker/protocol/codec.ts'
import { DecodeError } from '../../../broker/protocol/errors.ts'
import { Reader } from '../../../broker/protocol/reader.ts'
import { allMessages, allVersions } from './all-messages.ts'
import { defaultValue, messageArbitrary } from './message-arbitrary.ts'

const versions = await allVersions()
const runs = 25

describe('every message in every version', () => {
  test('there are as many as the tables hold', async () => {
    expect((await allMessages()).size).toBeGreaterThan(200)
    expect(versions.length).toBeGreaterThan(500)
  })

  test.each(versions)('$message.name v$version encodes and decodes', ({ message, version }) => {
    const roundTrip = (value: Record<string, unknown>) => {
      const reader = new Reader(encodeBuffer(message, version, value))
      expect(decodeFrom(message, version, reader)).toEqual(value)
      expect(reader.remaining).toBe(0)
    }
    fc.assert(fc.property(messageArbitrary(message, version), roundTrip), { numRuns: runs })
  })

  test.each(versions)('$message.name v$version leaves out defaults', ({ message, version }) => {
    const value = defaultValue(message)
    const bytes = encodeBuffer(message, version, value)
    expect(encodeBuffer(message, version, {})).toEqual(bytes)
    expect(decodeFrom(message, version, new Reader(bytes))).toEqual(value)
  })

  test.each(versions)('$message.name v$version cut anywhere is a DecodeError', ({ message, version }) => {
    const cut = (value: Record<string, unknown>) => {
      const bytes = Buffer.concat(encode(message, version, value))
      for (let size = 0; size < bytes.length; size++) {
        const decodeCut = () => decodeFrom(message, version, new Reader(bytes.subarray(0, size)))
        expect(decodeCut, `${size} of ${bytes.length} bytes`).toThrow(DecodeError)
      }
    }
    fc.assert(fc.property(messageArbitrary(message, version), cut), { numRuns: 2 })
  })

  test.each(versions)('$message.name v$version survives random and damaged bytes', ({ message, version }) => {
    const survive = (bytes: Buffer) => {
      try {
        decodeFrom(message, version, new Reader(bytes))
      } catch (error) {
        expect(error).toBeInstanceOf(DecodeError)
        expect((error as DecodeError).message).toContain(`${message.name} v${version}`)
      }
    }
    const damaged = fc
      .tuple(messageArbitrary(message, version), fc.nat(), fc.integer({ min: 0, max: 255 }))
      .map(([value, position, byte]) => {
        const bytes = encodeBuffer(message, version, value)
        if (bytes.length > 0) bytes[position % bytes.length] = byte
        return bytes
      })
    const random = fc.uint8Array({ maxLength: 200 }).map((some) => Buffer.from(some))
    fc.assert(fc.property(fc.oneof(damaged, random), survive), { numRuns: runs })
  })
})
