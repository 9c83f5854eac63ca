import { describe, expect, test } from 'vitest'
import { LogFixture } from './log-fixture.ts'

const segmentBytes = 4096
const config = { preallocate: true, segmentBytes }

/** Sizes of the .log files on disk, the oldest first. */
function fileSizes({ disk, log }: LogFixture): number[] {
  return disk
    .readdir(log.dir)
    .filter(({ name }) => name.endsWith('.log'))
    .map(({ name }) => name)
    .sort()
    .map((name) => disk.stat(`${log.dir}/${name}`)!.sizeBytes)
}

const sizesInUse = ({ log }: LogFixture) => log.segments().map(({ sizeBytes }) => sizeBytes)

/** Appends until there is a second segment. */
function roll(fixture: LogFixture): void {
  while (fixture.log.segments().length === 1) fixture.append(10)
}

describe('preallocate', () => {
  test('a new segment has its whole size on disk, and counts what is in it', () => {
    const fixture = new LogFixture(config)
    fixture.append(1)
    expect(fileSizes(fixture)).toEqual([segmentBytes])
    expect(fixture.log.sizeBytes).toBeLessThan(200)
    expect(new LogFixture({ segmentBytes }).append(1).sizeBytes).toBe(fixture.log.sizeBytes)
  })

  test('a segment that is rolled, and the last one at close, end where their records do', () => {
    const fixture = new LogFixture(config)
    roll(fixture)
    const inUse = sizesInUse(fixture)
    expect(inUse[0]).toBeLessThan(segmentBytes)
    expect(fileSizes(fixture)).toEqual([inUse[0], segmentBytes])
    const { logEndOffset } = fixture.log
    fixture.reopen()
    expect(fileSizes(fixture)).toEqual(inUse)
    expect(fixture.log.logEndOffset).toBe(logEndOffset)
    fixture.append(1)
    expect(fixture.log.logEndOffset).toBe(logEndOffset + 1)
  })

  test('recovery cuts the unused room off and keeps every record', () => {
    const fixture = new LogFixture(config)
    roll(fixture)
    const inUse = sizesInUse(fixture)
    const { logEndOffset } = fixture.log
    fixture.kill()
    expect(fixture.log.logEndOffset).toBe(logEndOffset)
    expect(fileSizes(fixture)).toEqual(inUse)
    expect(fixture.append(1).firstOffset).toBe(logEndOffset)
  })

  test('a clean shutdown that lied is recovered too', () => {
    const fixture = new LogFixture(config)
    fixture.append(5)
    fixture.log.abandon()
    fixture.log = fixture.open({ hadCleanShutdown: true, recoveryPoint: 5 })
    expect([fixture.log.logEndOffset, fixture.log.sizeBytes]).toEqual([5, fileSizes(fixture)[0]])
  })

  test('zeros behind the last record of an older segment are no damage', () => {
    const fixture = new LogFixture(config)
    roll(fixture)
    const { logEndOffset } = fixture.log
    const [first] = fixture.log.segments()
    // What a power loss does when it takes back the trim and keeps the next segment.
    setFileSize(fixture, first!.baseOffset, segmentBytes)
    fixture.kill()
    expect(fixture.log.logEndOffset).toBe(logEndOffset)
    expect(fileSizes(fixture)[0]).toBe(first!.sizeBytes)
  })

  test('zeros where records are missing are damage', () => {
    const fixture = new LogFixture(config)
    roll(fixture)
    const [first] = fixture.log.segments()
    setFileSize(fixture, first!.baseOffset, first!.sizeBytes - 10)
    setFileSize(fixture, first!.baseOffset, segmentBytes)
    expect(() => fixture.kill()).toThrow(/Later segments hold records/)
  })

  test('switched on for a log that has records acts from the next segment on', () => {
    const fixture = new LogFixture({ segmentBytes })
    fixture.append(1)
    fixture.log.config = { ...fixture.config, preallocate: true }
    fixture.append(1)
    expect(fileSizes(fixture)).toEqual([fixture.log.sizeBytes])
    roll(fixture)
    expect(fileSizes(fixture)[1]).toBe(segmentBytes)
  })
})

function setFileSize({ disk, log }: LogFixture, baseOffset: number, sizeBytes: number): void {
  const path = `${log.dir}/${String(baseOffset).padStart(20, '0')}.log`
  const descriptor = disk.open(path, 'append')
  disk.truncate(descriptor, sizeBytes)
  disk.close(descriptor)
}
