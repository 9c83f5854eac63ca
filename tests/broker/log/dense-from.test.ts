import { describe, expect, test } from 'vitest'
import { LogFixture } from './log-fixture.ts'

const commit = {
  records: [{ key: Buffer.of(0, 0, 0, 1), value: Buffer.from('000000000000', 'hex') }],
  isControl: true,
  isTransactional: true,
  producerId: 7,
  producerEpoch: 0,
}

describe('denseFrom', () => {
  test('is the log start while only records were produced', () => {
    const fixture = new LogFixture()
    fixture.append(10)
    expect(fixture.log.denseFrom).toBe(0)
    fixture.log.deleteRecordsBefore(4)
    expect(fixture.log.denseFrom).toBeLessThanOrEqual(fixture.log.logStartOffset)
  })

  test('lies behind the last marker of a transaction', () => {
    const fixture = new LogFixture()
    fixture.append(3)
    fixture.append(commit, 'coordinator')
    expect(fixture.log.denseFrom).toBe(4)
    fixture.append(3)
    expect(fixture.log.denseFrom).toBe(4)
  })

  test('of what is found is its end, unless no marker and no compaction can be in it', () => {
    const fixture = new LogFixture()
    fixture.append(5)
    fixture.reopen()
    expect(fixture.log.denseFrom).toBe(5)
    const reopen = (options: object) => {
      fixture.log.close()
      fixture.log = fixture.open({ hadCleanShutdown: true, ...options })
      return fixture.log.denseFrom
    }
    expect(reopen({ mayHoldMarkers: false })).toBe(0)
    expect(reopen({ mayHoldMarkers: false, wasCleaned: true })).toBe(5)
    fixture.append(2)
    expect(fixture.log.denseFrom).toBe(5)
  })
})
