/** Bytes that are no record batch, no record or no compressed data; says what was found and where. */
export class CorruptRecordError extends Error {
  override name = 'CorruptRecordError'
  readonly code = 'CORRUPT_MESSAGE'
}

/** Compressed data that would grow beyond the caller's limit. */
export class DecompressedTooLargeError extends Error {
  override name = 'DecompressedTooLargeError'
  readonly code = 'MESSAGE_TOO_LARGE'
  readonly maxBytes: number

  constructor(maxBytes: number, cause?: unknown) {
    super(`the compressed records grow beyond ${maxBytes} bytes`, { cause })
    this.maxBytes = maxBytes
  }
}
