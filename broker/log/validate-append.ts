import { CorruptRecordError, DecompressedTooLargeError } from '../records/corrupt-record-error.ts'
import { recordPreamblesOf } from '../records/record.ts'
import { batchFaultAt, batchField, noTimestampMs, RecordBatch } from '../records/record-batch.ts'
import type { AppendErrorName, AppendFailure, AppendOptions, RecordError } from './append.ts'
import type { LogConfig } from './log-config.ts'

export type CheckedAppend = {
  ok: true
  batches: readonly RecordBatch[]
  /** The whole batches; a cut last one is left away, as Kafka does. */
  records: Buffer
  recordCount: number
  maxTimestampMs: number
}

/** At most so many records at fault are named in one answer. */
const maxRecordErrors = 100

/**
 * Kafka's checks on what is to be appended, in its order (UnifiedLog.analyzeAndValidateRecords, LogValidator).
 * Unlike Kafka we look at single records only where the topic demands it: null keys on compacted topics,
 * message.timestamp.before.max.ms, and to name those at fault.
 */
export function validateAppend(
  records: Buffer,
  options: AppendOptions,
  config: LogConfig,
  nowMs: number,
): CheckedAppend | AppendFailure {
  const batches: RecordBatch[] = []
  let at = 0
  let recordCount = 0
  let maxTimestampMs = noTimestampMs
  while (at < records.length) {
    const fault = batchFaultAt(records, at)
    if (fault?.reason === 'cut') break
    if (fault) return refused(isOldMagic(records, at) ? 'INVALID_RECORD' : 'CORRUPT_MESSAGE', fault.message)
    const batch = new RecordBatch(records, at)
    const failure = batchFailure(batch, options, config)
    if (failure) return failure
    batches.push(batch)
    at += batch.sizeBytes
    recordCount += batch.recordCount
    maxTimestampMs = Math.max(maxTimestampMs, batch.maxTimestampMs)
  }
  if (batches.length === 0) return refused('INVALID_RECORD', 'there is no whole record batch')
  if (options.origin === 'client') {
    if (batches.length > 1)
      return refused('INVALID_RECORD', 'a produce request carries one record batch a partition')
    const failure = recordsFailure(batches[0]!, config, nowMs)
    if (failure) return failure
  }
  const whole = at === records.length ? records : records.subarray(0, at)
  return { ok: true, batches, records: whole, recordCount, maxTimestampMs }
}

export function refused(
  error: AppendErrorName,
  message: string,
  recordErrors: readonly RecordError[] = [],
): AppendFailure {
  return { ok: false, error, message, recordErrors }
}

/** The formats before record batch v2 are told from nonsense, as Kafka does. */
function isOldMagic(records: Buffer, at: number): boolean {
  const magic = records.readInt8(at + batchField.magic)
  return magic === 0 || magic === 1
}

function batchFailure(
  batch: RecordBatch,
  options: AppendOptions,
  config: LogConfig,
): AppendFailure | undefined {
  const isClient = options.origin === 'client'
  if (isClient && batch.baseOffset !== 0) {
    return refused('INVALID_RECORD', `the batch's base offset is ${batch.baseOffset}, a producer's must be 0`)
  }
  const sizeBytes = batch.sizeBytes
  if (options.origin !== 'replication' && sizeBytes > config.maxMessageBytes) {
    return refused(
      'MESSAGE_TOO_LARGE',
      `the record batch has ${sizeBytes} bytes, max.message.bytes allows ${config.maxMessageBytes}`,
    )
  }
  if (!batch.hasValidCrc()) {
    return refused('CORRUPT_MESSAGE', `the batch says CRC ${batch.crc}, its bytes have ${batch.computeCrc()}`)
  }
  return isClient ? clientBatchFailure(batch) : undefined
}

function clientBatchFailure(batch: RecordBatch): AppendFailure | undefined {
  const { lastOffsetDelta, recordCount } = batch
  if (lastOffsetDelta < 0) return refused('INVALID_RECORD', `the last offset delta is ${lastOffsetDelta}`)
  if (recordCount <= 0) return refused('INVALID_RECORD', `the batch says it holds ${recordCount} records`)
  if (lastOffsetDelta + 1 !== recordCount) {
    return refused(
      'INVALID_RECORD',
      `the batch says ${recordCount} records, its offsets run from 0 to ${lastOffsetDelta}`,
    )
  }
  if (batch.isControl) return refused('INVALID_RECORD', 'clients may not write control records')
  if (batch.hasProducerId && batch.baseSequence < 0) {
    return refused(
      'INVALID_RECORD',
      `sequence ${batch.baseSequence} in a batch of producer ${batch.producerId}`,
    )
  }
  if (batch.compression === undefined) {
    return refused('UNSUPPORTED_COMPRESSION_TYPE', `compression type ${batch.attributes & 7} does not exist`)
  }
  return undefined
}

function recordsFailure(batch: RecordBatch, config: LogConfig, nowMs: number): AppendFailure | undefined {
  const isCompacted = config.cleanupPolicy.includes('compact')
  const earliestMs = nowMs - config.messageTimestampBeforeMaxMs
  const latestMs = nowMs + config.messageTimestampAfterMaxMs
  const checksTime = config.messageTimestampType === 'CreateTime'
  const isTooLate = checksTime && batch.maxTimestampMs > latestMs
  if (!isCompacted && !isTooLate && !(checksTime && Number.isFinite(earliestMs))) return undefined

  const nullKeys: RecordError[] = []
  const badTimes: RecordError[] = []
  try {
    let batchIndex = 0
    for (const record of recordPreamblesOf(batch)) {
      const time = record.timestampMs
      if (isCompacted && !record.hasKey) {
        nullKeys.push({ batchIndex, message: 'a compacted topic takes no record without a key' })
      } else if (checksTime && time !== noTimestampMs && (time < earliestMs || time > latestMs)) {
        badTimes.push({
          batchIndex,
          message: `timestamp ${time} lies outside of [${earliestMs}, ${latestMs}]`,
        })
      }
      batchIndex++
    }
  } catch (error) {
    if (error instanceof CorruptRecordError) return refused('CORRUPT_MESSAGE', error.message)
    if (error instanceof DecompressedTooLargeError) return refused('MESSAGE_TOO_LARGE', error.message)
    throw error
  }
  return recordErrorsFailure(nullKeys, badTimes) ?? (isTooLate ? headerTooLate(batch, latestMs) : undefined)
}

function recordErrorsFailure(
  nullKeys: readonly RecordError[],
  badTimes: readonly RecordError[],
): AppendFailure | undefined {
  const firstIndex = (errors: readonly RecordError[]) => errors[0]?.batchIndex ?? Number.POSITIVE_INFINITY
  if (nullKeys.length + badTimes.length === 0) return undefined
  const all = [...nullKeys, ...badTimes].sort((a, b) => a.batchIndex - b.batchIndex).slice(0, maxRecordErrors)
  return firstIndex(badTimes) < firstIndex(nullKeys)
    ? refused('INVALID_TIMESTAMP', `${badTimes.length} records have a timestamp out of range`, all)
    : refused('INVALID_RECORD', `${nullKeys.length} records have no key, which a compacted topic needs`, all)
}

function headerTooLate(batch: RecordBatch, latestMs: number): AppendFailure {
  return refused(
    'INVALID_TIMESTAMP',
    `the batch's maximum timestamp ${batch.maxTimestampMs} is after ${latestMs}`,
  )
}
