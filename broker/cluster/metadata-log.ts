import type { Clock } from '../core/clock.ts'
import type { Log } from '../log/log.ts'
import { LogIoError } from '../log/log-error.ts'
import type { SpaceReserve } from '../log/space-reserve.ts'
import { recordsOf } from '../records/record.ts'
import { batchesOf } from '../records/record-batch.ts'
import { encodeRecordBatch } from '../records/record-batch-builder.ts'
import { decodeMetadataRecord, encodeMetadataRecord, type MetadataRecord } from './metadata-records.ts'
import type { MetadataChange, ReplayedMetadata } from './replayed-metadata.ts'

export const metadataTopic = '__cluster_metadata'
/** The fixed id of the metadata topic in KRaft (KIP-516). */
export const metadataTopicId = 'AAAAAAAAAAAAAAAAAAAAAQ'

const replayBytes = 4 * 1024 * 1024

/** The metadata log could not be written: nothing was changed. */
export class MetadataWriteError extends Error {
  override readonly name = 'MetadataWriteError'
  readonly code = 'METADATA_WRITE'
}

/** `__cluster_metadata-0` and the image that it builds: appended to by the controller alone. */
export class MetadataLog {
  readonly image: ReplayedMetadata
  readonly #log: Log
  readonly #clock: Clock
  readonly #onChanges: (changes: readonly MetadataChange[]) => void
  readonly #reserve: SpaceReserve

  constructor(
    log: Log,
    image: ReplayedMetadata,
    clock: Clock,
    reserve: SpaceReserve,
    onChanges: (changes: readonly MetadataChange[]) => void,
  ) {
    this.#log = log
    this.image = image
    this.#clock = clock
    this.#reserve = reserve
    this.#onChanges = onChanges
  }

  /** Replays the whole log into the image; followers of changes hear nothing of it. */
  replayAll(): void {
    let offset = this.#log.logStartOffset
    while (offset < this.#log.logEndOffset) {
      const read = this.#log.read({ offset, maxBytes: replayBytes, minOneBatch: true })
      if (!read.ok) throw new Error(`the metadata log cannot be read at offset ${offset}: ${read.message}`)
      const before = offset
      for (const batch of batchesOf(read.records)) {
        if (!batch.isControl) {
          for (const record of recordsOf(batch)) {
            if (record.value) this.image.replay(decodeMetadataRecord(record.value), record.offset)
          }
        }
        offset = batch.nextOffset
      }
      if (offset === before) throw new Error(`the metadata log has no whole batch at offset ${offset}`)
    }
  }

  /**
   * Appends one batch, fsyncs it, replays it, then tells the nodes. All of it is there or, with
   * MetadataWriteError, nothing. `freesSpace`: what has to go through on a full disk, since it makes room.
   */
  append(records: readonly MetadataRecord[], leaderEpoch: number, { freesSpace = false } = {}): void {
    if (records.length === 0) return
    const values = records.map(encodeMetadataRecord)
    const timestampMs = this.#clock.nowMs()
    const batch = encodeRecordBatch({ records: values.map((value) => ({ value })), timestampMs })
    const result = this.#write(batch, leaderEpoch, freesSpace)
    const changes: MetadataChange[] = []
    for (const [index, value] of values.entries()) {
      const change = this.image.replay(decodeMetadataRecord(value), result + index)
      if (change) changes.push(change)
    }
    this.#onChanges(changes)
  }

  #write(batch: Buffer, leaderEpoch: number, freesSpace: boolean): number {
    try {
      const result = this.#log.append(batch, { origin: 'coordinator', leaderEpoch })
      if (!result.ok) throw new Error(result.message)
      this.#log.flush()
      return result.firstOffset
    } catch (cause) {
      if (freesSpace && isDiskFull(cause) && this.#reserve.release()) {
        return this.#write(batch, leaderEpoch, false)
      }
      const reason = cause instanceof Error ? cause.message : String(cause)
      throw new MetadataWriteError(`the metadata log cannot be written: ${reason}`, { cause })
    }
  }
}

function isDiskFull(error: unknown): boolean {
  return error instanceof LogIoError && (error.code === 'ENOSPC' || error.code === 'EDQUOT')
}
