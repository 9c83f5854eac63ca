import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { ManualClock } from '../../../broker/core/clock.ts'
import { type Disk, nodeDisk } from '../../../broker/core/disk.ts'
import { MemoryDisk } from '../../../broker/core/memory-disk.ts'
import { defaultLogConfig } from '../../../broker/log/log-config.ts'
import { LogDir } from '../../../broker/log/log-dir.ts'
import { encodeRecordBatch } from '../../../broker/records/record-batch-builder.ts'
import { startMs, values } from './log-fixture.ts'

const topicId = 'RWTh-NKHTVW3Exu5-PJa6Q'
const clock = new ManualClock(startMs)
const client = { origin: 'client', leaderEpoch: 0 } as const

function open(disk: Disk, path = '/data'): LogDir {
  return LogDir.open({ path, disk, clock, maxOpenFiles: 16 })
}

function text(disk: MemoryDisk, name: string): string {
  return disk.readFile(`/data/${name}`)?.toString() ?? ''
}

describe('a data folder', () => {
  test('remembers partitions, checkpoints and a clean stop', () => {
    const disk = new MemoryDisk()
    const before = open(disk)
    before.writeMetaProperties({ clusterId: 'abc', nodeId: 3, directoryId: 'def' })
    const log = before.openLog('my-topic-1', 7, topicId, defaultLogConfig)
    for (let index = 0; index < 5; index++) log.append(encodeRecordBatch(values(2)), client)
    log.deleteRecordsBefore(3)
    before.close(new Map([[log, 9]]))
    expect(text(disk, 'recovery-point-offset-checkpoint')).toBe('0\n1\nmy-topic-1 7 10\n')
    expect(text(disk, 'log-start-offset-checkpoint')).toBe('0\n1\nmy-topic-1 7 3\n')
    expect(text(disk, 'replication-offset-checkpoint')).toBe('0\n1\nmy-topic-1 7 9\n')
    const after = open(disk)
    expect(after.hadCleanShutdown).toBe(true)
    expect(after.metaProperties()).toEqual({ clusterId: 'abc', nodeId: 3, directoryId: 'def' })
    expect(after.entries()).toEqual([{ topic: 'my-topic-1', partition: 7, topicId }])
    expect(after.checkpointedHighWatermark('my-topic-1', 7)).toBe(9)
    const reopened = after.openLog('my-topic-1', 7, topicId, defaultLogConfig)
    expect([reopened.logStartOffset, reopened.logEndOffset]).toEqual([3, 10])
    expect(open(disk).hadCleanShutdown).toBe(false)
  })

  test('deleted records stay deleted after kill -9 once that is checkpointed', () => {
    const disk = new MemoryDisk()
    const before = open(disk)
    const log = before.openLog('t', 0, topicId, defaultLogConfig)
    log.append(encodeRecordBatch(values(5)), client)
    log.deleteRecordsBefore(5)
    before.checkpointLogStartOffsets()
    before.abandon()
    const after = open(disk).openLog('t', 0, topicId, defaultLogConfig)
    expect([after.logStartOffset, after.logEndOffset]).toEqual([5, 5])
  })

  test('a deleted partition leaves nothing, and one of its name starts anew', () => {
    const disk = new MemoryDisk()
    const logDir = open(disk)
    logDir.openLog('t', 0, topicId, defaultLogConfig).append(encodeRecordBatch(values(5)), client)
    logDir.deleteLog('t', 0)
    expect(disk.readdir('/data')).toEqual([])
    const anew = logDir.openLog('t', 0, topicId, defaultLogConfig)
    expect(anew.logEndOffset).toBe(0)
  })

  test('a deletion cut short by a crash is finished at the next start', () => {
    const disk = new MemoryDisk()
    disk.mkdir('/data/t-0.0123-delete')
    expect([open(disk).entries(), disk.readdir('/data')]).toEqual([[], []])
  })

  test('a log opened a second time is scanned: it may have failed in between', () => {
    const disk = new MemoryDisk()
    const logDir = open(disk)
    const log = logDir.openLog('t', 0, topicId, defaultLogConfig)
    log.append(encodeRecordBatch(values(5)), client)
    disk.fault = ({ operation }) =>
      operation === 'write' || operation === 'truncate' ? { code: 'EIO', writtenBytes: 40 } : undefined
    expect(() => log.append(encodeRecordBatch(values(5)), client)).toThrow('The disk reports a fault')
    expect(() => log.append(encodeRecordBatch(values(5)), client)).toThrow('The disk reports a fault')
    disk.fault = undefined
    const again = logDir.openLog('t', 0, topicId, defaultLogConfig)
    expect([again.logEndOffset, again.truncatedBytes, again.failure]).toEqual([5, 40, undefined])
  })

  test('a log that could not be opened is no clean stop, and what was known of it is kept', () => {
    const disk = new MemoryDisk()
    const before = open(disk)
    for (const partition of [0, 1])
      before.openLog('t', partition, topicId, defaultLogConfig).append(encodeRecordBatch(values(5)), client)
    const log = before.log('t', 0)!
    log.flush()
    log.deleteRecordsBefore(3)
    before.checkpoint(new Map([[log, 5]]))
    before.abandon()
    const failing = open(disk)
    disk.fault = ({ path }) => (path.startsWith('/data/t-0') ? { code: 'EIO' } : undefined)
    expect(() => failing.openLog('t', 0, topicId, defaultLogConfig)).toThrow('The disk reports a fault')
    failing.openLog('t', 1, topicId, defaultLogConfig)
    failing.close(new Map())
    disk.fault = undefined
    expect(text(disk, 'recovery-point-offset-checkpoint')).toBe('0\n2\nt 0 5\nt 1 5\n')
    expect(text(disk, 'log-start-offset-checkpoint')).toBe('0\n1\nt 0 3\n')
    const after = open(disk)
    expect(after.hadCleanShutdown).toBe(false)
    expect(after.checkpointedHighWatermark('t', 0)).toBe(5)
    expect(after.openLog('t', 0, topicId, defaultLogConfig).logStartOffset).toBe(3)
  })

  test.each([
    ['a torn number', '0\n1\nmy-topic 7 1'],
    ['a torn line', '0\n1\nmy-topic\n'],
    ['no number', '0\n1\nmy-topic 7 x\n'],
  ])('a checkpoint with %s is none', (_what, content) => {
    const disk = new MemoryDisk()
    disk.mkdir('/data')
    const descriptor = disk.open('/data/cleaner-offset-checkpoint', 'write')
    disk.writev(descriptor, [Buffer.from(content)], 0)
    const logDir = open(disk)
    expect(logDir.cleanedOffset('my-topic', 7)).toBeUndefined()
    logDir.checkpointCleanedOffset('t', 0, 3)
    expect(text(disk, 'cleaner-offset-checkpoint')).toBe('0\n1\nt 0 3\n')
  })

  test('3,000 empty partitions open within seconds and hold no file', () => {
    const path = mkdtempSync(join(tmpdir(), 'many-'))
    try {
      const logDir = open(nodeDisk, path)
      for (let partition = 0; partition < 3_000; partition++)
        logDir.openLog('many', partition, topicId, defaultLogConfig)
      logDir.close(new Map())
      const startedMs = performance.now()
      const again = open(nodeDisk, path)
      for (const entry of again.entries())
        again.openLog(entry.topic, entry.partition, topicId, defaultLogConfig)
      expect(performance.now() - startedMs).toBeLessThan(5000)
      expect(again.openFileCount).toBe(0)
      again.abandon()
    } finally {
      rmSync(path, { recursive: true })
    }
  })
})
