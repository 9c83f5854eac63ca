import { type Chunk, FileRegion } from '../core/file-region.ts'
import { defaultOf, type Encoding, isTagged } from './encoding.ts'
import { EncodeError } from './errors.ts'
import type { FieldSpec, Message, PrimitiveType, Shape } from './fields.ts'
import { type FieldWriter, structWriter, type Write } from './struct-code.ts'
import { includesVersion } from './versions.ts'
import { Writer } from './writer.ts'

/** Compiles the closures that encode one version of a message. Fields that the version lacks are dropped. */
export function compileEncoder(message: Message, version: number): Write {
  const encoding = { version, flexible: includesVersion(message.flexible, version) }
  const write = compileShape(message.shape, encoding)
  const name = `${message.name} v${version}`
  return (writer, value) => {
    try {
      write(writer, value)
    } catch (error) {
      if (error instanceof EncodeError) error.in(name)
      throw error
    }
  }
}

type TaggedWriter = FieldWriter & {
  readonly tag: number
  readonly isDefault: (value: unknown) => boolean
}

/** A struct's value seen by field name; the types of `encode` vouch for what is in it. */
type Fields = Readonly<Record<string, unknown>>

function compileShape(shape: Shape, encoding: Encoding): Write {
  const plain: FieldWriter[] = []
  const tagged: TaggedWriter[] = []
  for (const [name, field] of Object.entries(shape)) {
    if (!includesVersion(field.versions, encoding.version)) continue
    const writer = { name, write: compileField(field, encoding), makeDefault: defaultOf(field) }
    if (!isTagged(field, encoding)) plain.push(writer)
    else tagged.push({ ...writer, tag: field.tag!, isDefault: compileIsDefault(field) })
  }
  tagged.sort((a, b) => a.tag - b.tag)
  const writePlain = structWriter(plain)
  if (!encoding.flexible) return writePlain
  if (tagged.length === 0) {
    return (writer, value) => {
      writePlain(writer, value)
      writer.int8(0)
    }
  }
  return (writer, value) => {
    writePlain(writer, value)
    writeTagged(tagged, writer, value as Fields)
  }
}

/** A tagged field is left out when it holds its default; its size goes before it, so it is written aside. */
function writeTagged(fields: readonly TaggedWriter[], writer: Writer, struct: Fields): void {
  let present = 0
  for (const field of fields) if (isPresent(field, struct[field.name])) present++
  writer.unsignedVarint(present)
  if (present === 0) return
  for (const field of fields) {
    const value = struct[field.name]
    if (!isPresent(field, value)) continue
    const aside = new Writer()
    try {
      field.write(aside, value)
    } catch (error) {
      if (error instanceof EncodeError) error.at(field.name)
      throw error
    }
    writer.unsignedVarint(field.tag)
    writer.unsignedVarint(aside.length)
    writer.append(aside.chunks())
  }
}

function isPresent(field: TaggedWriter, value: unknown): boolean {
  return value !== undefined && !field.isDefault(value)
}

function compileIsDefault(field: FieldSpec): (value: unknown) => boolean {
  const defaultValue = defaultOf(field)()
  if (defaultValue === null) return (value) => value === null
  switch (field.type) {
    case 'array':
      return (value) => Array.isArray(value) && value.length === 0
    case 'bytes':
    case 'records':
      return (value) => value !== null && sizeOf(value as Chunk | readonly Buffer[]) === 0
    case 'struct': {
      const fields = Object.entries(field.shape!).map(([name, inner]) => ({
        name,
        is: compileIsDefault(inner),
      }))
      return (value) =>
        value !== null &&
        fields.every(({ name, is }) => (value as Fields)[name] === undefined || is((value as Fields)[name]))
    }
    default:
      return (value) => value === defaultValue
  }
}

function compileField(field: FieldSpec, encoding: Encoding): Write {
  const nullable = includesVersion(field.nullable, encoding.version)
  const flexible = encoding.flexible && field.flexible !== 'none'
  switch (field.type) {
    case 'string':
      return orNull(flexible ? compactLength : int16Length, nullable, stringWriter)
    case 'bytes':
    case 'records':
      return orNull(flexible ? compactLength : int32Length, nullable, bytesWriter)
    case 'array':
      return orNull(flexible ? compactLength : int32Length, nullable, arrayWriter(field.element!, encoding))
    case 'struct':
      return nullable
        ? nullableStruct(compileShape(field.shape!, encoding), isTagged(field, encoding))
        : compileShape(field.shape!, encoding)
    default:
      return fixedSize[field.type]
  }
}

/** Writes a length prefix; -1 is null. */
type WriteLength = (writer: Writer, length: number) => void
const int16Length: WriteLength = (writer, length) => {
  if (length > 0x7fff) throw new EncodeError(`a string of ${length} bytes, where 32767 are the most`)
  writer.int16(length)
}
const int32Length: WriteLength = (writer, length) => writer.int32(length)
const compactLength: WriteLength = (writer, length) => writer.unsignedVarint(length + 1)

function orNull(
  writeLength: WriteLength,
  nullable: boolean,
  make: (writeLength: WriteLength) => Write,
): Write {
  const write = make(writeLength)
  return (writer, value) => {
    if (value !== null) write(writer, value)
    else if (nullable) writeLength(writer, -1)
    else throw new EncodeError('null, where null is not allowed')
  }
}

function stringWriter(writeLength: WriteLength): Write {
  return (writer, value) => {
    if (typeof value !== 'string') throw new EncodeError(`a ${typeof value}, where a string is needed`)
    writer.string(value, writeLength)
  }
}

function sizeOf(value: Chunk | readonly Buffer[]): number {
  if (Buffer.isBuffer(value) || value instanceof FileRegion) return value.length
  let size = 0
  for (const buffer of value) size += buffer.length
  return size
}

function bytesWriter(writeLength: WriteLength): Write {
  return (writer, value) => {
    if (Buffer.isBuffer(value)) {
      writeLength(writer, value.length)
      writer.bytes(value)
      return
    }
    if (value instanceof FileRegion) {
      writeLength(writer, value.length)
      writer.region(value)
      return
    }
    if (!Array.isArray(value)) throw new EncodeError(`a ${typeof value}, where a Buffer is needed`)
    writeLength(writer, sizeOf(value))
    writer.append(value)
  }
}

function arrayWriter(element: FieldSpec, encoding: Encoding): (writeLength: WriteLength) => Write {
  const write =
    element.type === 'struct' ? compileShape(element.shape!, encoding) : compileField(element, encoding)
  return (writeLength) => (writer, values) => {
    if (!Array.isArray(values)) throw new EncodeError(`a ${typeof values}, where an array is needed`)
    writeLength(writer, values.length)
    let index = 0
    try {
      for (; index < values.length; index++) write(writer, values[index])
    } catch (error) {
      if (error instanceof EncodeError) error.at(index)
      throw error
    }
  }
}

function nullableStruct(writeStruct: Write, tagged: boolean): Write {
  const absent = tagged ? 0 : -1
  return (writer, value) => {
    writer.int8(value === null ? absent : 1)
    if (value !== null) writeStruct(writer, value)
  }
}

/** A writer of integers that are at least `min` and at most `max`. */
function integer(min: number, max: number, write: (writer: Writer, value: number) => void): Write {
  return (writer, value) => {
    if (!Number.isInteger(value) || (value as number) < min || (value as number) > max) {
      throw new EncodeError(`${String(value)} is not an integer from ${min} to ${max}`)
    }
    write(writer, value as number)
  }
}

const fixedSize: Record<Exclude<PrimitiveType, 'string' | 'bytes' | 'records'>, Write> = {
  bool: (writer, value) => {
    if (typeof value !== 'boolean') throw new EncodeError(`a ${typeof value}, where a bool is needed`)
    writer.int8(value ? 1 : 0)
  },
  int8: integer(-0x80, 0x7f, (writer, value) => writer.int8(value)),
  int16: integer(-0x8000, 0x7fff, (writer, value) => writer.int16(value)),
  uint16: integer(0, 0xffff, (writer, value) => writer.int16(value)),
  int32: integer(-0x80000000, 0x7fffffff, (writer, value) => writer.int32(value)),
  uint32: integer(0, 0xffffffff, (writer, value) => writer.int32(value)),
  int64: integer(Number.MIN_SAFE_INTEGER, Number.MAX_SAFE_INTEGER, (writer, value) => writer.int64(value)),
  float64: (writer, value) => {
    if (typeof value !== 'number') throw new EncodeError(`a ${typeof value}, where a number is needed`)
    writer.float64(value)
  },
  uuid: (writer, value) => {
    if (typeof value !== 'string') throw new EncodeError(`a ${typeof value}, where a uuid is needed`)
    writer.uuid(value)
  },
}
