import { CorruptRecordError, DecompressedTooLargeError } from './corrupt-record-error.ts'
import { compressLz4, decompressLz4 } from './lz4.ts'
import { compressSnappy, decompressSnappy } from './snappy.ts'

export type CompressionName = 'none' | 'gzip' | 'snappy' | 'lz4' | 'zstd'

type Codec = {
  compress(bytes: Buffer, level?: number): Buffer
  decompress(bytes: Buffer, maxBytes: number): Buffer
}

/** Loaded by the first compressed batch: it takes milliseconds of each start. */
const zlib = () => process.getBuiltinModule('node:zlib')

const codecs: Record<CompressionName, Codec> = {
  none: { compress: (bytes) => bytes, decompress: (bytes) => bytes },
  gzip: {
    compress: (bytes, level) => zlib().gzipSync(bytes, level === undefined ? {} : { level }),
    decompress: (bytes, maxBytes) => zlib().gunzipSync(bytes, { maxOutputLength: maxBytes }),
  },
  snappy: { compress: (bytes) => compressSnappy(bytes), decompress: decompressSnappy },
  lz4: { compress: (bytes) => compressLz4(bytes), decompress: decompressLz4 },
  zstd: {
    compress: (bytes, level) =>
      zlib().zstdCompressSync(
        bytes,
        level === undefined ? {} : { params: { [zlib().constants.ZSTD_c_compressionLevel]: level } },
      ),
    decompress: (bytes, maxBytes) => zlib().zstdDecompressSync(bytes, { maxOutputLength: maxBytes }),
  },
}

/** The records payload of a batch, compressed as Kafka's clients read it; gzip and zstd have levels. */
export function compress(codec: CompressionName, bytes: Buffer, level?: number): Buffer {
  return codecs[codec].compress(bytes, level)
}

/**
 * Undoes `compress`, and takes what other clients write.
 * @throws DecompressedTooLargeError when the result would have more than `maxBytes`, before it has grown so far;
 * CorruptRecordError when `bytes` are not of this codec.
 */
export function decompress(codec: CompressionName, bytes: Buffer, maxBytes: number): Buffer {
  try {
    return codecs[codec].decompress(bytes, maxBytes)
  } catch (error) {
    if (error instanceof DecompressedTooLargeError || error instanceof CorruptRecordError) throw error
    if ((error as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE') {
      throw new DecompressedTooLargeError(maxBytes, error)
    }
    throw new CorruptRecordError(`the ${codec} data cannot be decompressed`, { cause: error })
  }
}
