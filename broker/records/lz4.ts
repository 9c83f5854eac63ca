import type * as Lz4 from 'lz4-napi'
import { CorruptRecordError, DecompressedTooLargeError } from './corrupt-record-error.ts'
import { nativeModule } from './native-module.ts'

const lz4 = nativeModule<typeof Lz4>('lz4-napi')

const frameMagic = 0x184d2204
/** One byte of a block stands for at most so many bytes of output. */
const maxRatio = 255
const minMatchBytes = 4

/** An LZ4 frame with independent blocks: Java's client refuses dependent ones. */
export function compressLz4(bytes: Buffer): Buffer {
  return lz4().compressFrameSync(bytes)
}

/** Reads one LZ4 frame; its blocks are measured first where they could grow beyond `maxBytes`. */
export function decompressLz4(bytes: Buffer, maxBytes: number): Buffer {
  if (bytes.length < 7 || bytes.readUInt32LE(0) !== frameMagic) throw new CorruptRecordError('no LZ4 frame')
  if (bytes.length * maxRatio > maxBytes) assertFrameFits(bytes, maxBytes)
  return lz4().decompressFrameSync(bytes)
}

function assertFrameFits(frame: Buffer, maxBytes: number): void {
  const flags = frame[4]!
  const blockChecksumBytes = flags & 0x10 ? 4 : 0
  let at = 7 + (flags & 0x08 ? 8 : 0) + (flags & 0x01 ? 4 : 0)
  let total = 0
  while (frame.length - at >= 4) {
    const word = frame.readUInt32LE(at)
    at += 4
    if (word === 0) return
    const sizeBytes = word % 0x80000000
    if (sizeBytes > frame.length - at)
      throw new CorruptRecordError(`an LZ4 block says ${sizeBytes} bytes, too many`)
    total += word >= 0x80000000 ? sizeBytes : blockOutputBytes(frame, at, at + sizeBytes, maxBytes - total)
    if (total > maxBytes) throw new DecompressedTooLargeError(maxBytes)
    at += sizeBytes + blockChecksumBytes
  }
  throw new CorruptRecordError('the LZ4 frame has no end mark')
}

/** What a block's sequences add up to, at most a little above `limit`: literals, then a match, by the token. */
function blockOutputBytes(block: Buffer, start: number, end: number, limit: number): number {
  let total = 0
  let at = start
  const lengthFrom = (nibble: number): number => {
    let length = nibble
    for (let byte = nibble === 15 ? 255 : 0; byte === 255 && at < end; ) length += byte = block[at++]!
    return length
  }
  while (at < end && total <= limit) {
    const token = block[at++]!
    const literalBytes = lengthFrom(token >>> 4)
    at += literalBytes
    total += literalBytes
    if (at >= end) break
    at += 2
    total += lengthFrom(token & 15) + minMatchBytes
  }
  return total
}
