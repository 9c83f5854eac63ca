import { compileDecoder } from './decoder.ts'
import { compileEncoder } from './encoder.ts'
import type { DecodedShape, EncodableShape, Message, Shape } from './fields.ts'
import { Reader } from './reader.ts'
import type { Read, Write } from './struct-code.ts'
import { includesVersion } from './versions.ts'
import { Writer } from './writer.ts'

/** Closures by version, compiled when a version is first met. They depend on the table alone. */
interface Compiled {
  readonly decoders: Read[]
  readonly encoders: Write[]
}

const compiledByMessage = new WeakMap<Message, Compiled>()

function compiledOf(message: Message, version: number): Compiled {
  const known = compiledByMessage.get(message)
  if (known) return known
  if (!includesVersion(message.versions, version)) throw unknownVersion(message, version)
  const compiled: Compiled = { decoders: [], encoders: [] }
  compiledByMessage.set(message, compiled)
  return compiled
}

function unknownVersion(message: Message, version: number): RangeError {
  const { min, max } = message.versions
  return new RangeError(`${message.name} has no version ${version}: it has ${min} to ${max}`)
}

/**
 * Decodes one message off the start of `buffer`; bytes after it are ignored, as Kafka does. Buffers in the
 * result are views. Throws DecodeError for bad bytes, RangeError for a version that the message lacks.
 */
export function decode<S extends Shape>(
  message: Message<S>,
  version: number,
  buffer: Buffer,
): DecodedShape<S> {
  return decodeFrom(message, version, new Reader(buffer))
}

/** As `decode`, from where the reader is; leaves it after the message. */
export function decodeFrom<S extends Shape>(
  message: Message<S>,
  version: number,
  reader: Reader,
): DecodedShape<S> {
  const { decoders } = compiledOf(message, version)
  let read = decoders[version]
  if (!read) {
    if (!includesVersion(message.versions, version)) throw unknownVersion(message, version)
    read = compileDecoder(message, version)
    decoders[version] = read
  }
  return read(reader) as DecodedShape<S>
}

/**
 * Encodes a message into chunks for writev; big buffers in it are handed on without a copy. Throws
 * EncodeError for a value that the field cannot carry, RangeError for a version that the message lacks.
 */
export function encode<S extends Shape>(
  message: Message<S>,
  version: number,
  value: EncodableShape<S>,
): Buffer[] {
  const writer = new Writer()
  encodeTo(writer, message, version, value)
  return writer.buffers()
}

/** As `encode`, but one buffer: for records and other small things. */
export function encodeBuffer<S extends Shape>(
  message: Message<S>,
  version: number,
  value: EncodableShape<S>,
): Buffer {
  const chunks = encode(message, version, value)
  return chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks)
}

export function encodeTo<S extends Shape>(
  writer: Writer,
  message: Message<S>,
  version: number,
  value: EncodableShape<S>,
): void {
  const { encoders } = compiledOf(message, version)
  let write = encoders[version]
  if (!write) {
    if (!includesVersion(message.versions, version)) throw unknownVersion(message, version)
    write = compileEncoder(message, version)
    encoders[version] = write
  }
  write(writer, value)
}
