import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { MemoryDisk } from '../../../broker/core/memory-disk.ts'
import { FileCache } from '../../../broker/log/file-cache.ts'
import type { Log } from '../../../broker/log/log.ts'
import { LogFixture, values } from './log-fixture.ts'

/** Reads a region and lets it go; undefined where the log would rather read. */
function take(log: Log, offset: number, maxBytes: number, upperBoundOffset?: number) {
  const found = log.region({
    offset,
    maxBytes,
    ...(upperBoundOffset === undefined ? {} : { upperBoundOffset }),
  })
  if (!found) return undefined
  const records = Buffer.alloc(found.records.length)
  found.records.read(records, 0)
  found.records.release()
  return { records, nextOffset: found.nextOffset }
}

/** Reads from `offset` to `nextOffset` in the ordinary way. */
function readTo(log: Log, offset: number, nextOffset: number): Buffer {
  const result = log.read({ offset, maxBytes: 100_000_000, upperBoundOffset: nextOffset })
  if (!result.ok) throw new Error(result.message)
  return result.records
}

const appended = fc.array(fc.constantFrom(1, 3, 40, 700), { minLength: 200, maxLength: 400 })
const asked = fc.record({
  offset: fc.double({ min: 0, max: 1, noNaN: true }),
  maxBytes: fc.constantFrom(1_000, 65_536, 200_000, 1_048_576, 20_000_000),
  hidden: fc.constantFrom(0, 0, 1, 50, 5_000),
})

describe('records that stay in their file', () => {
  test('are those that a read gives: whole batches from the offset on, none above the bound', () => {
    let regions = 0
    const property = fc.property(appended, fc.array(asked, { maxLength: 8 }), (batches, questions) => {
      const { log } = fixtureOf(batches)
      for (const { offset, maxBytes, hidden } of questions) {
        const from = Math.floor(offset * log.logEndOffset)
        const bound = Math.max(0, log.logEndOffset - hidden)
        const found = take(log, from, maxBytes, bound)
        if (!found) continue
        regions++
        expect(found.records.length).toBeLessThanOrEqual(maxBytes)
        expect(found.nextOffset).toBeLessThanOrEqual(bound)
        expect(found.records.equals(readTo(log, from, found.nextOffset))).toBe(true)
      }
    })
    fc.assert(property, { numRuns: 40 })
    expect(regions).toBeGreaterThan(40)
  })

  test('a reader in sequence meets every batch once, whichever way it is served', () => {
    const { log } = fixtureOf(Array.from({ length: 300 }, (_, index) => (index % 7) * 30 + 1))
    let regions = 0
    const met: Buffer[] = []
    for (let offset = 0; offset < log.logEndOffset; ) {
      const region = take(log, offset, 150_000)
      if (region) regions++
      const { records, nextOffset } = region ?? readOne(log, offset)
      met.push(records)
      offset = nextOffset
    }
    expect(regions).toBeGreaterThan(5)
    const segments = log.segments().map(({ baseOffset, nextOffset }) => readTo(log, baseOffset, nextOffset))
    expect(Buffer.concat(met).equals(Buffer.concat(segments))).toBe(true)
  })

  test('little of it is rather read', () => {
    const { log } = fixtureOf([100])
    expect(log.region({ offset: 0, maxBytes: 1_000_000 })).toBeUndefined()
    expect(log.region({ offset: log.logEndOffset, maxBytes: 1_000_000 })).toBeUndefined()
  })

  test('are there until they are released, though the log is deleted', async () => {
    const { log, disk } = fixtureOf(Array.from({ length: 20 }, () => 700))
    // The sealed segment is fsynced off this thread, which keeps it open too.
    await new Promise(setImmediate)
    const expected = readTo(log, 0, log.segments()[0]!.nextOffset)
    const { records } = log.region({ offset: 0, maxBytes: 10_000_000 })!
    log.deleteRecordsBefore(log.logEndOffset)
    log.close()
    disk.removeTree('/data/t-0')
    const bytes = Buffer.alloc(records.length)
    records.read(bytes, 0)
    expect(bytes.equals(expected.subarray(0, bytes.length))).toBe(true)
    records.release()
    expect(() => records.read(bytes, 0)).toThrow()
  })
})

describe('files that regions keep open', () => {
  test('are half of what may be open at most', () => {
    const cache = new FileCache(new MemoryDisk(), 4)
    cache.disk.mkdir('/data')
    const files = Array.from({ length: 5 }, (_, index) => cache.file(`/data/${index}`))
    const first = files[0]!.region(0, 1)!
    const second = files[1]!.region(0, 1)!
    expect(files[2]!.region(0, 1)).toBeUndefined()
    const again = files[0]!.region(5, 1)!
    for (const file of files) file.writev([Buffer.from('x')], 0)
    expect(cache.openCount).toBe(4)
    expect(files[0]!.isOpen && files[1]!.isOpen).toBe(true)
    for (const region of [first, second, again]) region.release()
    expect(cache.pinnedCount).toBe(0)
    expect(files[2]!.region(0, 1)).toBeDefined()
  })

  test('are closed with the last of them, where the log has closed them already', () => {
    const cache = new FileCache(new MemoryDisk(), 4)
    cache.disk.mkdir('/data')
    const file = cache.file('/data/a')
    const one = file.region(0, 1)!
    const two = file.region(0, 1)!
    file.unlink()
    one.release()
    expect(file.isOpen).toBe(true)
    two.release()
    expect(file.isOpen).toBe(false)
  })
})

function fixtureOf(batches: readonly number[]) {
  const fixture = new LogFixture({ segmentBytes: 1_000_000 })
  for (const count of batches) fixture.append(values(count))
  return fixture
}

function readOne(log: Log, offset: number) {
  const result = log.read({ offset, maxBytes: 150_000, minOneBatch: true })
  if (!result.ok) throw new Error(result.message)
  return result
}
