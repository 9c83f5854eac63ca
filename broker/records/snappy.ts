import type * as Snappy from 'snappy'
import { CorruptRecordError, DecompressedTooLargeError } from './corrupt-record-error.ts'
import { nativeModule } from './native-module.ts'

const snappy = nativeModule<typeof Snappy>('snappy')

/** Java's snappy stream ("xerial"): this magic, version 1, compatible with 1, then [i32 length, raw block]. */
const xerialMagic = Buffer.from([0x82, 0x53, 0x4e, 0x41, 0x50, 0x50, 0x59, 0])
const xerialHeader = Buffer.concat([xerialMagic, Buffer.from([0, 0, 0, 1, 0, 0, 0, 1])])
const blockBytes = 32 * 1024

/** Snappy in xerial framing, which Kafka's Java client demands. */
export function compressSnappy(bytes: Buffer): Buffer {
  const chunks: Buffer[] = [xerialHeader]
  for (let at = 0; at < bytes.length; at += blockBytes) {
    const block = snappy().compressSync(bytes.subarray(at, at + blockBytes))
    const length = Buffer.allocUnsafe(4)
    length.writeInt32BE(block.length)
    chunks.push(length, block)
  }
  return Buffer.concat(chunks)
}

/** Reads xerial framing, and raw snappy as some clients write it. */
export function decompressSnappy(bytes: Buffer, maxBytes: number): Buffer {
  if (!bytes.subarray(0, xerialMagic.length).equals(xerialMagic)) return rawBlock(bytes, maxBytes)
  const blocks: Buffer[] = []
  let leftBytes = maxBytes
  for (let at = xerialHeader.length; at < bytes.length; ) {
    if (bytes.length - at < 4) throw new CorruptRecordError('the snappy stream ends within a block length')
    const length = bytes.readInt32BE(at)
    at += 4
    if (length <= 0 || length > bytes.length - at) {
      throw new CorruptRecordError(`a snappy block says ${length} bytes, ${bytes.length - at} are left`)
    }
    const block = rawBlock(bytes.subarray(at, at + length), leftBytes, maxBytes)
    blocks.push(block)
    leftBytes -= block.length
    at += length
  }
  return blocks.length === 1 ? blocks[0]! : Buffer.concat(blocks)
}

function rawBlock(bytes: Buffer, leftBytes: number, maxBytes = leftBytes): Buffer {
  if (uncompressedBytes(bytes) > leftBytes) throw new DecompressedTooLargeError(maxBytes)
  const block = snappy().uncompressSync(bytes)
  return typeof block === 'string' ? Buffer.from(block) : block
}

/** The length that a raw snappy block announces in its first bytes, an unsigned varint. */
function uncompressedBytes(bytes: Buffer): number {
  let length = 0
  for (let index = 0, scale = 1; index < Math.min(5, bytes.length); index++, scale *= 128) {
    const byte = bytes[index]!
    length += (byte & 0x7f) * scale
    if (byte < 0x80) return length
  }
  throw new CorruptRecordError('the snappy block announces no length')
}
