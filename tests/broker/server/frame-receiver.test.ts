import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { BufferPool } from '../../../broker/core/buffer-pool.ts'
import { FrameSizeError } from '../../../broker/protocol/frame.ts'
import { FrameReceiver, type ReceivedFrame } from '../../../broker/server/frame-receiver.ts'

const sharedBytes = 64 * 1024
const maxFrameBytes = 10_000_000

function framed(body: Buffer): Buffer {
  const prefix = Buffer.alloc(4)
  prefix.writeInt32BE(body.length, 0)
  return Buffer.concat([prefix, body])
}

/** A body of `size` bytes that tells frames apart; the first two are the API key where there is room. */
function bodyOf(size: number, apiKey: number, seed: number): Buffer {
  const body = Buffer.alloc(size)
  for (let at = 0; at < size; at++) body[at] = (at * 31 + seed * 7) ^ (at >>> 8)
  if (size >= 2) body.writeInt16BE(apiKey, 0)
  return body
}

const body = fc.record({
  size: fc.oneof(fc.integer({ min: 0, max: 8 }), fc.integer({ min: 0, max: 90_000 })),
  apiKey: fc.constantFrom(0, 1),
  seed: fc.nat(255),
})
const plan = fc.record({
  bodies: fc.array(body, { minLength: 1, maxLength: 8 }),
  reads: fc
    .array(fc.oneof(fc.integer({ min: 1, max: 9 }), fc.integer({ min: 1, max: 200_000 })), { maxLength: 9 })
    .map((reads) => [...reads, 30_000]),
  heldFrames: fc.integer({ min: 0, max: 4 }),
  isDirect: fc.boolean(),
})

/** Feeds the stream as a socket would, each read as long as the room and the plan allow. */
function* feed(receiver: FrameReceiver, stream: Buffer, reads: readonly number[], isDirect: boolean) {
  for (let at = 0, turn = 0; at < stream.length; turn++) {
    const wanted = Math.min(reads[turn % reads.length]!, stream.length - at)
    if (!isDirect) {
      yield receiver.push(stream.subarray(at, at + wanted))
      at += wanted
      continue
    }
    const room = receiver.room()
    expect(room.length).toBeGreaterThan(0)
    const count = stream.copy(room, 0, at, at + Math.min(wanted, room.length))
    yield receiver.received(room, count)
    at += count
  }
}

describe('the frame receiver', () => {
  test('gives each frame as it was sent, and nobody writes to it before it is released', () => {
    fc.assert(
      fc.property(plan, ({ bodies, reads, heldFrames, isDirect }) => {
        const sent = bodies.map(({ size, apiKey, seed }) => bodyOf(size, apiKey, seed))
        const stream = Buffer.concat(sent.map(framed))
        const receiver = new FrameReceiver(maxFrameBytes, new BufferPool(), Buffer.alloc(sharedBytes))
        const held: ReceivedFrame[] = []
        let checked = 0
        const check = (frame: ReceivedFrame) => {
          expect(frame.bytes.equals(sent[checked++]!)).toBe(true)
          // What is released is anybody's: make sure that nothing else lies there.
          if (frame.release) frame.bytes.fill(0xee)
          frame.release?.()
        }
        for (const frames of feed(receiver, stream, reads, isDirect)) {
          held.push(...frames)
          while (held.length > heldFrames) check(held.shift()!)
        }
        held.forEach(check)
        expect(checked).toBe(sent.length)
      }),
      { numRuns: 50 },
    )
  })

  test('takes memory that is used again for Produce alone', () => {
    const pool = new BufferPool()
    const receiver = new FrameReceiver(maxFrameBytes, pool, Buffer.alloc(sharedBytes))
    const [produced, fetched] = [0, 1].flatMap((apiKey) => receiver.push(framed(bodyOf(100_000, apiKey, 1))))
    expect(fetched!.release).toBeUndefined()
    produced!.release!()
    expect(pool.freeBytes).toBeGreaterThanOrEqual(100_000)
  })

  test('an announced length takes little memory before its bytes come', () => {
    const receiver = new FrameReceiver(100_000_000, new BufferPool(), Buffer.alloc(sharedBytes))
    receiver.push(framed(Buffer.alloc(0)))
    const announced = Buffer.alloc(6)
    announced.writeInt32BE(90_000_000, 0)
    receiver.push(announced)
    expect(receiver.room().length).toBeLessThanOrEqual(64 * 1024)
    // With each part that comes there is as much again.
    receiver.push(Buffer.alloc(1_000_000))
    expect(receiver.room().length).toBeLessThanOrEqual(2_100_000)
  })

  test('reads the second large frame of a connection into its place, and not a piece at a time', () => {
    const receiver = new FrameReceiver(maxFrameBytes, new BufferPool(), Buffer.alloc(sharedBytes))
    const sent = framed(bodyOf(1_000_000, 0, 1))
    receiver.push(sent)[0]!.release!()
    receiver.push(sent.subarray(0, 10))
    expect(receiver.room().length).toBeGreaterThanOrEqual(1_000_000 - 10)
  })

  test('memory that a growing Produce frame has left is used again', () => {
    const pool = new BufferPool()
    const receiver = new FrameReceiver(maxFrameBytes, pool, Buffer.alloc(sharedBytes))
    const [frame] = receiver.push(framed(bodyOf(200_000, 0, 1)))
    frame!.release!()
    expect(pool.freeBytes).toBe((64 + 128 + 256) * 1024)
  })

  test('takes a frame larger than its first memory', () => {
    const sent = bodyOf(9_500_000, 0, 3)
    const receiver = new FrameReceiver(maxFrameBytes, new BufferPool(), Buffer.alloc(sharedBytes))
    const frames = [...feed(receiver, Buffer.concat([framed(sent), framed(sent)]), [1_000_000], true)].flat()
    expect(frames.map(({ bytes }) => bytes.equals(sent))).toEqual([true, true])
  })

  test('gives what came before a length that is none, and nothing after it', () => {
    const sent = bodyOf(10, 0, 3)
    const receiver = new FrameReceiver(maxFrameBytes, new BufferPool(), Buffer.alloc(sharedBytes))
    const bytes = Buffer.concat([framed(sent), Buffer.alloc(4, 0xff), framed(sent)])
    expect(receiver.push(bytes).map((frame) => frame.bytes)).toEqual([sent])
    expect(receiver.fault).toBeInstanceOf(FrameSizeError)
    expect(receiver.push(framed(sent))).toEqual([])
  })

  test('refuses lengths below 0 and above the limit', () => {
    for (const size of [-1, maxFrameBytes + 1]) {
      const receiver = new FrameReceiver(maxFrameBytes, new BufferPool(), Buffer.alloc(sharedBytes))
      const prefix = Buffer.alloc(4)
      prefix.writeInt32BE(size, 0)
      expect(receiver.push(prefix)).toEqual([])
      expect(receiver.fault).toBeInstanceOf(FrameSizeError)
    }
  })
})
