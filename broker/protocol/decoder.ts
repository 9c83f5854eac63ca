import { defaultOf, type Encoding, isTagged } from './encoding.ts'
import { DecodeError } from './errors.ts'
import type { FieldSpec, Message, PrimitiveType, Shape } from './fields.ts'
import type { Reader } from './reader.ts'
import { type Read, structReader } from './struct-code.ts'
import { includesVersion } from './versions.ts'

/** A compiled reader, and the fewest bytes that a value can take: what array counts are checked against. */
interface Compiled {
  readonly read: Read
  readonly minBytes: number
}

/** Compiles the closures that decode one version of a message. */
export function compileDecoder(message: Message, version: number): Read {
  const encoding = { version, flexible: includesVersion(message.flexible, version) }
  const { read } = compileShape(message.shape, encoding)
  const name = `${message.name} v${version}`
  return (reader) => {
    try {
      return read(reader)
    } catch (error) {
      if (error instanceof DecodeError) error.in(name)
      throw error
    }
  }
}

function compileShape(shape: Shape, encoding: Encoding): Compiled {
  const names = Object.keys(shape)
  const tags = new Map<number, TaggedField>()
  let minBytes = encoding.flexible ? 1 : 0
  const reads = names.map((name): Read => {
    const field = shape[name]!
    if (!includesVersion(field.versions, encoding.version)) {
      // As Kafka's own code: what is tagged so in another version is refused, what is in none is skipped.
      if (field.tag !== undefined) tags.set(field.tag, { name, read: wrongVersion })
      return defaultOf(field)
    }
    const compiled = compileField(field, encoding)
    if (isTagged(field, encoding)) {
      tags.set(field.tag!, { name, read: compiled.read })
      return defaultOf(field)
    }
    minBytes += compiled.minBytes
    return compiled.read
  })
  const read = structReader(names, reads)
  return { read: encoding.flexible ? withTags(read, tags) : read, minBytes }
}

const wrongVersion: Read = (reader) => {
  throw new DecodeError('this tag belongs to another version', reader.offset)
}

type TaggedField = { readonly name: string; readonly read: Read }

/** Reads the tagged fields behind a struct's own into it. */
function withTags(readStruct: Read, tags: ReadonlyMap<number, TaggedField>): Read {
  return (reader) => {
    const value = readStruct(reader) as Record<string, unknown>
    let name = 'taggedFields'
    try {
      // A count of more than 31 bits is none, as Kafka reads it.
      for (let left = reader.unsignedVarint() | 0; left > 0; left--) {
        name = 'taggedFields'
        const tag = reader.unsignedVarint()
        const size = reader.unsignedVarint()
        const known = tags.get(tag)
        if (!known) reader.take(size)
        else {
          name = known.name
          value[name] = reader.within(size, known.read)
        }
      }
    } catch (error) {
      if (error instanceof DecodeError) error.at(name)
      throw error
    }
    return value
  }
}

function compileField(field: FieldSpec, encoding: Encoding): Compiled {
  const nullable = includesVersion(field.nullable, encoding.version)
  const flexible = encoding.flexible && field.flexible !== 'none'
  switch (field.type) {
    case 'string':
      return stringReader(flexible ? compactLength : int16Length, flexible ? 1 : 2, nullable)
    case 'bytes':
    case 'records':
      return bytesReader(flexible ? compactLength : int32Length, flexible ? 1 : 4, nullable)
    case 'array':
      return arrayReader(compileElement(field.element!, encoding), flexible, nullable)
    case 'struct':
      return nullable
        ? nullableStruct(compileShape(field.shape!, encoding).read, isTagged(field, encoding))
        : compileShape(field.shape!, encoding)
    default:
      return fixedSize[field.type]
  }
}

function compileElement(element: FieldSpec, encoding: Encoding): Compiled {
  return element.type === 'struct' ? compileShape(element.shape!, encoding) : compileField(element, encoding)
}

const fixedSize: Record<Exclude<PrimitiveType, 'string' | 'bytes' | 'records'>, Compiled> = {
  bool: { read: (reader) => reader.uint8() !== 0, minBytes: 1 },
  int8: { read: (reader) => reader.int8(), minBytes: 1 },
  int16: { read: (reader) => reader.int16(), minBytes: 2 },
  uint16: { read: (reader) => reader.uint16(), minBytes: 2 },
  int32: { read: (reader) => reader.int32(), minBytes: 4 },
  uint32: { read: (reader) => reader.uint32(), minBytes: 4 },
  int64: { read: (reader) => reader.int64(), minBytes: 8 },
  float64: { read: (reader) => reader.float64(), minBytes: 8 },
  uuid: { read: (reader) => reader.uuid(), minBytes: 16 },
}

/** Reads a length prefix. Kafka writes -1 for null, and takes every negative one for it. */
type ReadLength = (reader: Reader) => number
const int16Length: ReadLength = (reader) => reader.int16()
const int32Length: ReadLength = (reader) => reader.int32()
const compactLength: ReadLength = (reader) => (reader.unsignedVarint() | 0) - 1

function negativeLength(length: number, reader: Reader): DecodeError {
  const reason = length === -1 ? 'null, where null is not allowed' : `a length of ${length}`
  return new DecodeError(reason, reader.offset)
}

function stringReader(readLength: ReadLength, minBytes: number, nullable: boolean): Compiled {
  const read: Read = (reader) => {
    const length = readLength(reader)
    if (length >= 0) return reader.string(length)
    if (nullable) return null
    throw negativeLength(length, reader)
  }
  return { read, minBytes }
}

function bytesReader(readLength: ReadLength, minBytes: number, nullable: boolean): Compiled {
  const read: Read = (reader) => {
    const length = readLength(reader)
    if (length >= 0) return reader.bytes(length)
    if (nullable) return null
    throw negativeLength(length, reader)
  }
  return { read, minBytes }
}

function arrayReader(element: Compiled, flexible: boolean, nullable: boolean): Compiled {
  const readLength = flexible ? compactLength : int32Length
  const minElementBytes = Math.max(1, element.minBytes)
  const readElement = element.read
  const read: Read = (reader) => {
    const count = readLength(reader)
    if (count < 0) {
      if (nullable) return null
      throw negativeLength(count, reader)
    }
    reader.checkCount(count, minElementBytes)
    const values: unknown[] = []
    try {
      for (let index = 0; index < count; index++) values.push(readElement(reader))
    } catch (error) {
      if (error instanceof DecodeError) error.at(values.length)
      throw error
    }
    return values
  }
  return { read, minBytes: flexible ? 1 : 4 }
}

/**
 * A struct that may be null has one byte before it: 1 when it is there; when it is not, -1, but 0 in a tagged
 * field (Kafka writes a varint there).
 */
function nullableStruct(readStruct: Read, tagged: boolean): Compiled {
  const leastThere = tagged ? 1 : 0
  return { read: (reader) => (reader.int8() < leastThere ? null : readStruct(reader)), minBytes: 1 }
}
