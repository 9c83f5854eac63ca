import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { FrameSizeError, FrameSplitter } from '../../../broker/protocol/frame.ts'

const limit = 1024 * 1024

function framed(body: Uint8Array): Buffer {
  const prefix = Buffer.alloc(4)
  prefix.writeInt32BE(body.length)
  return Buffer.concat([prefix, body])
}

describe('FrameSplitter', () => {
  test('finds the same frames however the stream is cut', () => {
    const bodies = fc.array(fc.uint8Array({ maxLength: 300 }), { maxLength: 8 })
    const cuts = fc.array(fc.integer({ min: 1, max: 90 }), { minLength: 1, maxLength: 20 })
    const property = fc.property(bodies, cuts, (frames, sizes) => {
      const stream = Buffer.concat(frames.map(framed))
      const splitter = new FrameSplitter(limit)
      const found: Buffer[] = []
      for (let at = 0, turn = 0; at < stream.length; turn++) {
        const size = sizes[turn % sizes.length]!
        found.push(...splitter.push(stream.subarray(at, at + size)))
        at += size
      }
      expect(found).toEqual(frames.map((frame) => Buffer.from(frame)))
      expect(splitter.bufferedBytes).toBe(0)
    })
    fc.assert(property, { numRuns: 300 })
  })

  test('a frame inside one chunk is a view on it', () => {
    const chunk = Buffer.concat([framed(Buffer.from('one')), framed(Buffer.from('two'))])
    const frames = new FrameSplitter(limit).push(chunk)
    expect(frames.map(String)).toEqual(['one', 'two'])
    expect(frames.every((frame) => frame.buffer === chunk.buffer)).toBe(true)
  })

  test('a frame of its own stays untouched when the next one comes', () => {
    const splitter = new FrameSplitter(limit)
    const stream = Buffer.concat([framed(Buffer.alloc(100, 1)), framed(Buffer.alloc(100, 2))])
    const first = [...splitter.push(stream.subarray(0, 50)), ...splitter.push(stream.subarray(50, 110))]
    splitter.push(stream.subarray(110))
    expect(first).toEqual([Buffer.alloc(100, 1)])
  })

  test.each([
    ['GET / HTTP/1.1\r\n', 'it looks like HTTP'],
    ['\x16\x03\x01\x02\x00\x01', 'it looks like TLS'],
  ])('%j is told for what it is', (bytes, message) => {
    expect(() => new FrameSplitter(100_000_000).push(Buffer.from(bytes, 'latin1'))).toThrow(message)
  })

  test('a size below zero or above the limit is a FrameSizeError', () => {
    expect(() => new FrameSplitter(limit).push(Buffer.from('ffffffff', 'hex'))).toThrow(FrameSizeError)
    const tooLarge = Buffer.alloc(4)
    tooLarge.writeInt32BE(limit + 1)
    expect(() => new FrameSplitter(limit).push(tooLarge)).toThrow('a frame of 1048577 bytes')
    expect(new FrameSplitter(limit).push(framed(Buffer.alloc(limit)))).toHaveLength(1)
  })

  test('a big frame in small chunks is copied a bounded number of times', () => {
    const size = 24 * 1024 * 1024
    const splitter = new FrameSplitter(100 * 1024 * 1024)
    const prefix = Buffer.alloc(4)
    prefix.writeInt32BE(size)
    splitter.push(prefix)
    const chunk = Buffer.alloc(16 * 1024)
    const frames: Buffer[] = []
    for (let sent = 0; sent < size; sent += chunk.length) {
      chunk.fill((sent / chunk.length) & 0xff)
      frames.push(...splitter.push(chunk))
    }
    expect(frames.map((frame) => frame.length)).toEqual([size])
    for (let at = 0; at < size; at += chunk.length) expect(frames[0]![at]).toBe((at / chunk.length) & 0xff)
  })
})
