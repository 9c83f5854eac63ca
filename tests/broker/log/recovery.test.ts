import { describe, expect, test } from 'vitest'
import { LogCorruptError, LogIoError } from '../../../broker/log/log-error.ts'
import { encodeEndTransactionMarker } from '../../../broker/records/control-record.ts'
import { LogFixture, readAll, values } from './log-fixture.ts'

const first = '/data/t-0/00000000000000000000.log'

function filled(batches: number): LogFixture {
  const fixture = new LogFixture({ segmentBytes: 4000, indexIntervalBytes: 500 })
  for (let index = 0; index < batches; index++) fixture.append(values(10))
  return fixture
}

function damage(fixture: LogFixture, path: string, change: (bytes: Buffer) => Buffer): void {
  fixture.log.abandon()
  const descriptor = fixture.disk.open(path, 'append')
  const changed = change(fixture.disk.readFile(path)!)
  fixture.disk.truncate(descriptor, 0)
  fixture.disk.writev(descriptor, [changed], 0)
  fixture.disk.close(descriptor)
}

function flip(at: (bytes: Buffer) => number) {
  return (bytes: Buffer) => {
    bytes[at(bytes)]! ^= 1
    return bytes
  }
}

describe('the tail', () => {
  const tails: [string, (bytes: Buffer) => Buffer, number][] = [
    ['torn', (bytes) => bytes.subarray(0, bytes.length - 1), 10],
    ['cut within a header', (bytes) => bytes.subarray(0, bytes.length / 2 + 30), 10],
    ['flipped', flip((bytes) => bytes.length - 5), 10],
    ['followed by zeros', (bytes) => Buffer.concat([bytes, Buffer.alloc(5000)]), 20],
    ['followed by noise', (bytes) => Buffer.concat([bytes, Buffer.alloc(100, 0xa5)]), 20],
    ['followed by the same batch', (bytes) => Buffer.concat([bytes, bytes.subarray(bytes.length / 2)]), 20],
    ['all zeros', (bytes) => bytes.fill(0), 0],
  ]
  test.each(tails)('%s: cut at the last whole batch', (_name, change, logEndOffset) => {
    const fixture = filled(2)
    damage(fixture, first, change)
    const log = fixture.open()
    expect(log.logEndOffset).toBe(logEndOffset)
    expect(log.truncatedBytes).toBeGreaterThan(0)
    fixture.log = log
    expect(fixture.append(values(1)).firstOffset).toBe(logEndOffset)
    expect(readAll(fixture.kill()).at(-1)!.lastOffset).toBe(logEndOffset)
  })

  test('a torn tail is found even where a clean shutdown was claimed', () => {
    const fixture = filled(2)
    fixture.log.close()
    damage(fixture, first, (bytes) => bytes.subarray(0, bytes.length - 1))
    expect(fixture.open({ hadCleanShutdown: true })).toMatchObject({ logEndOffset: 10 })
  })
})

describe('the middle', () => {
  test('is told with file, place and what to do, and nothing is cut', () => {
    const fixture = filled(12)
    const before = fixture.log.segments().length
    expect(before).toBeGreaterThan(2)
    damage(
      fixture,
      first,
      flip(() => 1500),
    )
    expect(() => fixture.open()).toThrow(LogCorruptError)
    expect(() => fixture.open()).toThrow(
      /0\.log is corrupt at byte 1\d+: the batch of offset 10 has a wrong CRC.*Restore the file/,
    )
    expect(fixture.disk.readdir('/data/t-0').filter(({ name }) => name.endsWith('.log'))).toHaveLength(before)
  })

  test('below the recovery point it is not read', () => {
    const fixture = filled(12)
    damage(
      fixture,
      first,
      flip(() => 1500),
    )
    expect(fixture.open({ recoveryPoint: 100 }).logEndOffset).toBe(120)
  })

  test('a fetch that meets a broken header is told, and other offsets are served', () => {
    const fixture = filled(12)
    fixture.log.close()
    damage(
      fixture,
      first,
      flip(() => 8),
    )
    const log = fixture.open({ hadCleanShutdown: true })
    expect(() => log.read({ offset: 0, maxBytes: 1000, minOneBatch: true })).toThrow(LogCorruptError)
    expect(log.read({ offset: 50, maxBytes: 2000, minOneBatch: true })).toMatchObject({ ok: true })
  })
})

describe('the indexes', () => {
  test.each(['.index', '.timeindex'])('a lost, torn or zeroed %s is rebuilt', (kind) => {
    for (const change of [
      () => Buffer.alloc(0),
      (bytes: Buffer) => bytes.fill(0),
      (bytes: Buffer) => bytes.subarray(0, 11),
    ]) {
      const fixture = filled(12)
      fixture.log.close()
      const last = fixture.disk
        .readdir('/data/t-0')
        .map(({ name }) => name)
        .filter((name) => name.endsWith(kind))
        .sort()
        .at(-1)!
      damage(fixture, `/data/t-0/${last}`, change)
      const log = fixture.open({ hadCleanShutdown: true })
      expect(log.logEndOffset).toBe(120)
      expect(readAll(log)).toHaveLength(12)
      expect(log.offsetForTimestamp(0)?.offset).toBe(0)
    }
  })

  test('missing files of a sealed segment are made again', () => {
    const fixture = filled(12)
    fixture.log.close()
    for (const { name } of fixture.disk.readdir('/data/t-0')) {
      if (name.endsWith('index')) fixture.disk.unlink(`/data/t-0/${name}`)
    }
    const log = fixture.open({ hadCleanShutdown: true })
    expect(readAll(log)).toHaveLength(12)
  })

  test('whatever call fails while they are made anew, an aborted transaction stays one', () => {
    for (let failsAt = 1; ; failsAt++) {
      const fixture = withAbortedTransaction()
      const known = { recoveryPoint: fixture.log.recoveryPoint, hadCleanShutdown: failsAt % 2 === 0 }
      fixture.log.close()
      damage(fixture, '/data/t-0/leader-epoch-checkpoint', () => Buffer.from('torn'))
      let calls = 0
      fixture.disk.fault = () => (++calls === failsAt ? { code: 'EIO' } : undefined)
      const failed = triedToOpen(fixture, known)
      fixture.disk.fault = undefined
      const log = fixture.open({ recoveryPoint: known.recoveryPoint })
      const found = log.abortedTransactions(0, log.logEndOffset)
      expect(found, `call ${failsAt}`).toMatchObject([{ producerId: 1, firstOffset: 0, lastOffset: 1 }])
      if (!failed) return
    }
  })
})

/** In its first of several segments, all of them flushed. */
function withAbortedTransaction(): LogFixture {
  const fixture = new LogFixture({ segmentBytes: 4000 })
  const producer = { producerId: 1, producerEpoch: 0 }
  fixture.append({ ...values(1), ...producer, baseSequence: 0, isTransactional: true })
  const marker = { type: 'abort', ...producer, coordinatorEpoch: 0, timestampMs: 0 } as const
  fixture.log.append(encodeEndTransactionMarker(marker), { origin: 'coordinator', leaderEpoch: 0 })
  for (let index = 0; index < 8; index++) fixture.append(values(10))
  fixture.log.flush()
  return fixture
}

function triedToOpen(fixture: LogFixture, options: Parameters<LogFixture['open']>[0]): boolean {
  try {
    fixture.open(options).abandon()
    return false
  } catch (error) {
    expect(error).toBeInstanceOf(LogIoError)
    return true
  }
}
