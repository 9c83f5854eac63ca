import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { ManualClock } from '../../../broker/core/clock.ts'
import { nodeDisk } from '../../../broker/core/disk.ts'
import type { Log } from '../../../broker/log/log.ts'
import { defaultLogConfig } from '../../../broker/log/log-config.ts'
import { LogDir } from '../../../broker/log/log-dir.ts'
import { decodeProducerSnapshot, encodeProducerSnapshot } from '../../../broker/log/producer-snapshot.ts'
import { recordsOf } from '../../../broker/records/record.ts'
import { batchesOf } from '../../../broker/records/record-batch.ts'

/** Written by Apache Kafka 4.3.1 (record-golden.ts). */
const golden = join(import.meta.dirname, 'golden')
const config = { ...defaultLogConfig, segmentMs: 100_000, indexIntervalBytes: 300, retentionMs: -1 }

let path = ''
let logDir: LogDir

function open(): Log {
  const clock = new ManualClock(1_700_001_000_000)
  logDir = LogDir.open({ path, disk: nodeDisk, clock })
  return logDir.openLog('golden', 0, 'AAAAAAAAAAAAAAAAAAAAAA', config)
}

function files(folder: string): Record<string, string> {
  const names = readdirSync(folder)
    .filter((name) => !name.startsWith('leader-epoch'))
    .sort()
  return Object.fromEntries(names.map((name) => [name, readFileSync(join(folder, name), 'hex')]))
}

function recordsIn(log: Log) {
  const found: unknown[] = []
  for (let offset = log.logStartOffset; offset < log.logEndOffset; ) {
    const result = log.read({ offset, maxBytes: 500, minOneBatch: true })
    if (!result.ok) throw new Error(result.message)
    for (const batch of batchesOf(result.records)) {
      if (batch.isControl) continue
      for (const { offset: at, timestampMs, key, value, headers } of recordsOf(batch)) {
        const named = Object.fromEntries(headers.map((header) => [header.key, header.value?.toString()]))
        found.push({
          offset: at,
          timestampMs,
          key: key === null ? null : key.toString(),
          value: value === null ? null : value.toString(),
          headers: named,
        })
      }
    }
    offset = result.nextOffset
  }
  return found
}

beforeEach(() => {
  path = mkdtempSync(join(tmpdir(), 'golden-'))
  cpSync(golden, path, { recursive: true })
})

afterEach(() => {
  logDir?.abandon()
  rmSync(path, { recursive: true })
})

describe('files of Apache Kafka 4.3.1', () => {
  const expected: unknown = JSON.parse(readFileSync(join(golden, 'expected.json'), 'utf8'))

  test('a clean folder opens as it is', () => {
    const log = open()
    expect(logDir.hadCleanShutdown).toBe(true)
    expect(logDir.metaProperties()).toMatchObject({ nodeId: 1, clusterId: 'MkU3OEVBNTcwNTJENDM2Qk' })
    expect([log.logStartOffset, log.logEndOffset, log.truncatedBytes, log.latestEpoch]).toEqual([
      0, 114, 0, 0,
    ])
    expect(logDir.checkpointedHighWatermark('golden', 0)).toBe(114)
    expect(log.segments().map((segment) => segment.baseOffset)).toEqual([0, 24, 48, 72, 96, 105])
    expect(recordsIn(log)).toEqual(expected)
    expect(
      log.abortedTransactions(0, 114).map(({ firstOffset, lastOffset }) => [firstOffset, lastOffset]),
    ).toEqual([
      [106, 109],
      [110, 113],
    ])
    expect(log.activeProducers()).toHaveLength(2)
    expect(log.lastStableOffset(114)).toBe(114)
  })

  test('after a crash the same comes back, and the rebuilt indexes are Kafka’s to the byte', () => {
    rmSync(join(path, '.kafka_cleanshutdown'))
    rmSync(join(path, 'recovery-point-offset-checkpoint'))
    const folder = join(path, 'golden-0')
    for (const name of readdirSync(folder)) if (/index$|snapshot$/.test(name)) rmSync(join(folder, name))
    const log = open()
    expect(log.truncatedBytes).toBe(0)
    expect(recordsIn(log)).toEqual(expected)
    log.close()
    const written = files(folder)
    const original = files(join(golden, 'golden-0'))
    for (const name of Object.keys(original))
      if (!name.endsWith('.snapshot')) expect(written[name], name).toBe(original[name])
    expect(written['00000000000000000114.snapshot']?.length).toBe(
      original['00000000000000000114.snapshot']!.length,
    )
  })

  test('appended again batch by batch, the files are Kafka’s to the byte', () => {
    const source = open()
    const copies = join(path, 'copy')
    const copyDir = LogDir.open({ path: copies, disk: nodeDisk, clock: new ManualClock(0) })
    const copy = copyDir.openLog('golden', 0, 'RWTh-NKHTVW3Exu5-PJa6Q', config)
    for (let offset = 0; offset < source.logEndOffset; ) {
      const result = source.read({ offset, maxBytes: 0, minOneBatch: true })
      if (!result.ok) throw new Error(result.message)
      expect(copy.append(result.records, { origin: 'replication', leaderEpoch: 0 })).toMatchObject({
        ok: true,
      })
      offset = result.nextOffset
    }
    copyDir.close(new Map([[copy, copy.logEndOffset]]))
    const written = files(join(copies, 'golden-0'))
    const original = files(join(golden, 'golden-0'))
    expect(Object.keys(written)).toEqual(Object.keys(original))
    for (const name of Object.keys(original)) {
      if (!/^0+(105|114)\.snapshot/.test(name)) expect(written[name], name).toBe(original[name])
    }
  })

  test('producer snapshots come back to the byte', () => {
    for (const name of readdirSync(join(golden, 'golden-0'))) {
      if (!name.endsWith('.snapshot')) continue
      const bytes = readFileSync(join(golden, 'golden-0', name))
      const entries = decodeProducerSnapshot(bytes)!
      expect(encodeProducerSnapshot(entries).equals(bytes), name).toBe(true)
    }
  })
})
