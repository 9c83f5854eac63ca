import { describe, expect, test } from 'vitest'
import { PendingOffsets } from '../../../broker/coordinator/group/offsets/pending-offsets.ts'

function pending(offset: number, partition = 0, groupId = 'g') {
  const stored = {
    offset,
    leaderEpoch: -1,
    metadata: '',
    commitTimestampMs: 0,
    expireTimestampMs: -1,
    topicId: 'AAAAAAAAAAAAAAAAAAAAAA',
  }
  return { groupId, topic: 't', partition, offset: stored }
}

const shown = (held: readonly { offset: { offset: number }; partition: number }[]) =>
  held.map(({ partition, offset }) => `${partition}=${offset.offset}`)

describe('offsets of open transactions', () => {
  test('hold when their transaction is committed, and are gone when it is aborted', () => {
    const offsets = new PendingOffsets()
    offsets.add(1, pending(5))
    offsets.add(1, pending(6, 1))
    offsets.add(2, pending(7))
    expect(offsets.has('g', 't', 0)).toBe(true)
    expect(shown(offsets.take(1, true))).toEqual(['0=5', '1=6'])
    expect(offsets.has('g', 't', 1)).toBe(false)
    expect(offsets.has('g', 't', 0)).toBe(true)
    expect(shown(offsets.take(2, false))).toEqual([])
    expect(offsets.hasAny('g')).toBe(false)
    expect(shown(offsets.take(2, true))).toEqual([])
  })

  test('the last one of a transaction counts', () => {
    const offsets = new PendingOffsets()
    offsets.add(1, pending(5))
    offsets.add(1, pending(4))
    expect(shown(offsets.take(1, true))).toEqual(['0=4'])
    expect(offsets.hasAny('g')).toBe(false)
  })

  test('a commit that came later is not overwritten, whichever marker comes first', () => {
    const offsets = new PendingOffsets()
    offsets.add(1, pending(5))
    offsets.supersede('g', 't', 0)
    offsets.add(2, pending(6))
    expect(offsets.has('g', 't', 0)).toBe(true)
    expect(shown(offsets.take(1, true))).toEqual([])
    expect(shown(offsets.take(2, true))).toEqual(['0=6'])

    offsets.add(1, pending(7))
    offsets.add(2, pending(8))
    expect(shown(offsets.take(2, true))).toEqual(['0=8'])
    expect(shown(offsets.take(1, true))).toEqual([])

    offsets.add(1, pending(9))
    offsets.add(2, pending(10))
    expect(shown(offsets.take(2, false))).toEqual([])
    expect(shown(offsets.take(1, true))).toEqual(['0=9'])
  })

  test('go with the group', () => {
    const offsets = new PendingOffsets()
    offsets.add(1, pending(5))
    offsets.add(1, pending(6, 1, 'h'))
    expect(shown(offsets.ofGroup('g'))).toEqual(['0=5'])
    offsets.remove('g', 't', 0)
    expect(offsets.hasAny('g')).toBe(false)
    expect(shown(offsets.take(1, true))).toEqual(['1=6'])
  })
})
