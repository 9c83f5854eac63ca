import { expect, test } from 'vitest'
import { ownBytes } from '../../../broker/core/own-bytes.ts'

test('a copy holds no more memory than its bytes, and does not change with them', () => {
  const frame = Buffer.from('the whole frame')
  const own = ownBytes(frame.subarray(4, 9))
  frame.fill(0)
  expect(own.toString()).toBe('whole')
  expect(own.buffer.byteLength).toBe(5)
})
