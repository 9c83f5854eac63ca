import fc from 'fast-check'
import { expect, test } from 'vitest'
import { recordsOf } from '../../../broker/records/record.ts'
import { LogFixture, readAll, startMs } from './log-fixture.ts'

type ModelRecord = { offset: number; value: string; timestampMs: number }

/** What a log should hold: a plain list. */
type Model = { records: ModelRecord[]; startOffset: number; endOffset: number }

type Command =
  | { kind: 'append'; count: number; bytes: number; minutes: number; codec: 'none' | 'gzip' | 'lz4' }
  | { kind: 'read'; at: number; maxBytes: number }
  | { kind: 'time'; minutes: number }
  | { kind: 'delete'; at: number }
  | { kind: 'retain' }
  | { kind: 'truncate'; at: number }
  | { kind: 'reopen' }
  | { kind: 'kill' }
  | { kind: 'flush' }
  | { kind: 'advance'; minutes: number }

const share = fc.double({ min: 0, max: 1, noNaN: true })
const minutes = fc.integer({ min: 0, max: 120 })
const appends = fc.record({
  kind: fc.constant('append' as const),
  count: fc.integer({ min: 1, max: 8 }),
  bytes: fc.integer({ min: 0, max: 300 }),
  minutes,
  codec: fc.constantFrom('none' as const, 'gzip' as const, 'lz4' as const),
})
const commands: fc.Arbitrary<Command> = fc.oneof(
  { weight: 8, arbitrary: appends },
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constant('read' as const),
      at: share,
      maxBytes: fc.integer({ min: 0, max: 5000 }),
    }),
  },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('time' as const), minutes }) },
  {
    weight: 1,
    arbitrary: fc.record({ kind: fc.constantFrom('delete' as const, 'truncate' as const), at: share }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constantFrom('retain' as const, 'reopen' as const, 'kill' as const, 'flush' as const),
    }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('advance' as const), minutes }) },
)

const minuteMs = 60_000

function offsetAt(model: Model, at: number): number {
  return model.startOffset + Math.floor(at * (model.endOffset - model.startOffset))
}

function apply(fixture: LogFixture, model: Model, command: Command): void {
  const { log } = fixture
  switch (command.kind) {
    case 'append': {
      const records = Array.from({ length: command.count }, (_, index) => ({
        value: `${model.endOffset + index}`.padEnd(command.bytes, '.'),
        timestampMs: startMs + command.minutes * minuteMs + ((index * 7) % 5),
      }))
      fixture.append({ records, compression: command.codec })
      for (const record of records) model.records.push({ offset: model.endOffset++, ...record })
      return
    }
    case 'read': {
      const offset = offsetAt(model, command.at)
      const result = log.read({ offset, maxBytes: command.maxBytes })
      if (!result.ok) throw new Error(result.message)
      expect(result.records.length).toBeLessThanOrEqual(command.maxBytes)
      return
    }
    case 'time': {
      const timestampMs = startMs + command.minutes * minuteMs
      const expected = model.records.find((record) => record.timestampMs >= timestampMs)
      expect(log.offsetForTimestamp(timestampMs)?.offset).toBe(expected?.offset)
      return
    }
    case 'delete':
      model.startOffset = offsetAt(model, command.at)
      log.deleteRecordsBefore(model.startOffset)
      break
    case 'retain':
      log.applyRetention(model.endOffset)
      expect(log.logStartOffset).toBeGreaterThanOrEqual(model.startOffset)
      model.startOffset = log.logStartOffset
      break
    case 'truncate':
      log.truncateTo(offsetAt(model, command.at))
      expect(log.logEndOffset).toBeLessThanOrEqual(offsetAt(model, command.at))
      model.endOffset = log.logEndOffset
      model.startOffset = Math.min(model.startOffset, model.endOffset)
      break
    case 'reopen':
      fixture.reopen()
      return
    case 'kill':
      fixture.kill(log.recoveryPoint)
      return
    case 'flush':
      log.flush()
      expect(log.recoveryPoint).toBe(log.logEndOffset)
      return
    case 'advance':
      fixture.clock.advance(command.minutes * minuteMs)
      return
  }
  model.records = model.records.filter(
    ({ offset }) => offset >= model.startOffset && offset < model.endOffset,
  )
}

function compare(fixture: LogFixture, model: Model): void {
  const { log } = fixture
  expect([log.logStartOffset, log.logEndOffset]).toEqual([model.startOffset, model.endOffset])
  const found = readAll(log)
    .flatMap((batch) => [...recordsOf(batch)])
    .map(({ offset, value, timestampMs }) => ({ offset, value: value!.toString(), timestampMs }))
  expect(found.filter(({ offset }) => offset >= model.startOffset)).toEqual(model.records)
  const latest = model.records.reduce<ModelRecord | undefined>(
    (max, record) => (max === undefined || record.timestampMs > max.timestampMs ? record : max),
    undefined,
  )
  const answer = log.maxTimestampOffset()
  // Kafka's too: records below the log start but in a kept segment still count.
  if (latest && answer && answer.offset >= model.startOffset) expect(answer.offset).toBe(latest.offset)
}

test('a log is a list of records, whatever happens to it', () => {
  fc.assert(
    fc.property(
      fc.array(commands, { maxLength: 60 }),
      fc.integer({ min: 700, max: 6000 }),
      fc.integer({ min: 0, max: 1000 }),
      (steps, segmentBytes, indexIntervalBytes) => {
        const fixture = new LogFixture({
          segmentBytes: Math.max(segmentBytes, 3500),
          indexIntervalBytes,
          retentionBytes: 12_000,
          retentionMs: 200 * minuteMs,
          segmentMs: 90 * minuteMs,
          messageTimestampAfterMaxMs: 1000 * minuteMs,
        })
        const model: Model = { records: [], startOffset: 0, endOffset: 0 }
        for (const step of steps) {
          apply(fixture, model, step)
          compare(fixture, model)
        }
        expect(fixture.disk.openCount).toBeLessThanOrEqual(8)
      },
    ),
    { numRuns: 150 },
  )
})
