import { describe, expect, test } from 'vitest'
import { BufferPool, PooledBytes } from '../../../broker/core/buffer-pool.ts'

const kib = 1024
const mib = 1024 * kib

describe('the buffer pool', () => {
  test('gives a buffer again only after it came back', () => {
    const pool = new BufferPool()
    const first = pool.take(100 * kib)
    const second = pool.take(100 * kib)
    expect(first.length).toBeGreaterThanOrEqual(100 * kib)
    expect(second.buffer).not.toBe(first.buffer)
    pool.give(first)
    expect(pool.take(128 * kib).buffer).toBe(first.buffer)
    expect(pool.take(128 * kib).buffer).not.toBe(first.buffer)
  })

  test('holds no more than its limit, and lets go of the size it has most of', () => {
    const pool = new BufferPool(4 * mib)
    const large = Array.from({ length: 4 }, () => pool.take(mib))
    const small = Array.from({ length: 4 }, () => pool.take(64 * kib))
    for (const buffer of [...large, ...small]) pool.give(buffer)
    expect(pool.freeBytes).toBeLessThanOrEqual(4 * mib)
    const again = small.map(() => pool.take(64 * kib).buffer)
    expect(new Set(again)).toEqual(new Set(small.map(({ buffer }) => buffer)))
  })

  test('keeps nothing above its largest size', () => {
    const pool = new BufferPool()
    const huge = pool.take(5 * mib)
    expect(huge.length).toBe(5 * mib)
    pool.give(huge)
    expect(pool.freeBytes).toBe(0)
  })

  test('takes back whole buffers only', () => {
    const pool = new BufferPool()
    expect(() => pool.give(pool.take(mib).subarray(1))).toThrow('whole buffers')
  })
})

describe('pieces of pooled buffers', () => {
  test('do not overlap, and go back together, once', () => {
    const pool = new BufferPool()
    const bytes = new PooledBytes(pool)
    const pieces = [10, 60 * kib, 10 * kib, 20 * kib, 40 * kib, 3 * mib, 5, 0].map((size, fill) =>
      bytes.take(size).fill(fill),
    )
    for (const [fill, piece] of pieces.entries()) expect(piece.every((byte) => byte === fill)).toBe(true)
    expect(pool.freeBytes).toBe(0)
    bytes.release()
    const { freeBytes } = pool
    expect(freeBytes).toBeGreaterThan(3 * mib)
    bytes.release()
    expect(pool.freeBytes).toBe(freeBytes)
  })
})
