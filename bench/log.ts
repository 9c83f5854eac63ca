/**
 * The log alone, without a network: appends pre-encoded batches and reads them back in pieces of 1 MB.
 * `node bench/log.ts [folder, default /dev/shm] [megabytes, default 2048]`
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { systemClock } from '../broker/core/clock.ts'
import { nodeDisk } from '../broker/core/disk.ts'
import type { Log } from '../broker/log/log.ts'
import { defaultLogConfig } from '../broker/log/log-config.ts'
import { LogDir } from '../broker/log/log-dir.ts'
import { encodeRecordBatch } from '../broker/records/record-batch-builder.ts'

const folder = process.argv[2] ?? '/dev/shm'
const totalBytes = Number(process.argv[3] ?? 2048) * 1_000_000
const rounds = 3

type Figure = { what: string; mbPerSecond: number; cpuSecondsPerGb: number; microsecondsEach: number }

function measure(what: string, run: () => { bytes: number; calls: number }): Figure {
  const cpu = process.cpuUsage()
  const startMs = performance.now()
  const { bytes, calls } = run()
  const elapsedMs = performance.now() - startMs
  const { user, system } = process.cpuUsage(cpu)
  return {
    what,
    mbPerSecond: bytes / 1000 / elapsedMs,
    cpuSecondsPerGb: (user + system) / 1e6 / (bytes / 1e9),
    microsecondsEach: (elapsedMs * 1000) / calls,
  }
}

function append(log: Log, batchBytes: number, bytes: number): { bytes: number; calls: number } {
  const records = Array.from({ length: Math.max(1, Math.floor(batchBytes / 1024)) }, () => ({
    value: 'x'.repeat(1000),
  }))
  const batch = encodeRecordBatch({
    records: batchBytes < 1024 ? [{ value: 'x'.repeat(batchBytes - 70) }] : records,
  })
  let calls = 0
  for (let written = 0; written < bytes; written += batch.length) {
    // The log writes offsets into the batch; a producer's starts at 0.
    batch.fill(0, 0, 8)
    if (!log.append(batch, { origin: 'client', leaderEpoch: 0 }).ok) throw new Error('refused')
    calls++
  }
  return { bytes: calls * batch.length, calls }
}

function readAll(log: Log, maxBytes: number, limitBytes: number): { bytes: number; calls: number } {
  let bytes = 0
  let calls = 0
  for (let offset = log.logStartOffset; offset < log.logEndOffset && bytes < limitBytes; calls++) {
    const result = log.read({ offset, maxBytes, minOneBatch: true })
    if (!result.ok) throw new Error(result.message)
    bytes += result.records.length
    offset = result.nextOffset
  }
  return { bytes, calls }
}

/** A consumer at the tail: each batch is read as soon as it is there. Only the reads are counted. */
function readTail(log: Log, count: number): Figure {
  const batch = encodeRecordBatch({
    records: Array.from({ length: 16 }, () => ({ value: 'x'.repeat(1000) })),
  })
  let elapsedMs = 0
  let bytes = 0
  for (let call = 0; call < count; call++) {
    const offset = log.logEndOffset
    batch.fill(0, 0, 8)
    log.append(batch, { origin: 'client', leaderEpoch: 0 })
    const startMs = performance.now()
    const result = log.read({ offset, maxBytes: 1_048_576, minOneBatch: true })
    elapsedMs += performance.now() - startMs
    if (!result.ok) throw new Error(result.message)
    bytes += result.records.length
  }
  const mbPerSecond = bytes / 1000 / elapsedMs
  return {
    what: 'fetch 16 KB at the tail',
    mbPerSecond,
    cpuSecondsPerGb: 1000 / mbPerSecond,
    microsecondsEach: (elapsedMs * 1000) / count,
  }
}

function round(): Figure[] {
  const path = mkdtempSync(join(folder, 'millrace-bench-'))
  const logDir = LogDir.open({ path, disk: nodeDisk, clock: systemClock })
  try {
    const open = (topic: string) => logDir.openLog(topic, 0, 'AAAAAAAAAAAAAAAAAAAAAA', defaultLogConfig)
    const large = open('large')
    const small = open('small')
    return [
      measure('append 16 KB batches', () => append(large, 16_384, totalBytes)),
      measure('fetch 1 MB', () => readAll(large, 1_048_576, totalBytes)),
      measure('fetch 64 KB', () => readAll(large, 65_536, totalBytes / 4)),
      readTail(large, 5000),
      measure('append 200 B batches', () => append(small, 200, totalBytes / 40)),
      measure('fetch 1 MB of 200 B batches', () => readAll(small, 1_048_576, totalBytes)),
    ]
  } finally {
    logDir.abandon()
    rmSync(path, { recursive: true })
  }
}

const figures = Array.from({ length: rounds }, round)
for (const [index, { what }] of figures[0]!.entries()) {
  const best = figures.map((each) => each[index]!).sort((a, b) => b.mbPerSecond - a.mbPerSecond)[0]!
  const rate = `${best.mbPerSecond.toFixed(0).padStart(6)} MB/s`
  const cpu = `${best.cpuSecondsPerGb.toFixed(2).padStart(6)} CPU s/GB`
  console.log(`${what.padEnd(30)} ${rate} ${cpu} ${best.microsecondsEach.toFixed(1).padStart(8)} µs each`)
}
