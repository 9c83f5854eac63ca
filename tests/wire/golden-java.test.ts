import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { decodeFrom, encodeBuffer } from '../../broker/protocol/codec.ts'
import { Reader } from '../../broker/protocol/reader.ts'
import { allMessages } from '../broker/protocol/all-messages.ts'
import { plainJson } from './golden.ts'

interface Vector {
  readonly version: number
  /** What Apache Kafka's own classes write for `value`, in hex. */
  readonly bytes: string
  readonly value: unknown
}

const folder = join(import.meta.dirname, 'golden/java')
const messages = await allMessages()
const names = readdirSync(folder).map((file) => file.slice(0, -'.json'.length))

function vectorsOf(name: string): Vector[] {
  return JSON.parse(readFileSync(join(folder, `${name}.json`), 'utf8')) as Vector[]
}

describe('bytes of Apache Kafka 4.3.1 (recorded by record-java.ts)', () => {
  test('every message has vectors', () => expect(names.toSorted()).toEqual([...messages.keys()].toSorted()))

  test.each(names)('%s', (name) => {
    const message = messages.get(name)!
    const versions = new Set<number>()
    for (const { version, bytes, value } of vectorsOf(name)) {
      versions.add(version)
      const reader = new Reader(Buffer.from(bytes, 'hex'))
      const decoded = decodeFrom(message, version, reader)
      expect(reader.remaining).toBe(0)
      expect(plainJson(message, version, decoded), `v${version}`).toEqual(value)
      expect(encodeBuffer(message, version, decoded).toString('hex'), `v${version}`).toBe(bytes)
    }
    const { min, max } = message.versions
    expect(versions.size, 'versions with vectors').toBe(
      max - Math.max(min, name === 'RequestHeader' ? 1 : 0) + 1,
    )
  })
})
