import { defaultOf, type Encoding, isTagged } from '../../../../broker/protocol/encoding.ts'
import type { FieldSpec, Message, Shape } from '../../../../broker/protocol/fields.ts'
import { includesVersion } from '../../../../broker/protocol/versions.ts'

/** What stands at a place of an encoded message: where it begins, how many bytes it takes, and what it is. */
export type Mark = {
  readonly path: string
  readonly at: number
  readonly size: number
  readonly kind: 'value' | 'int64' | 'bool' | 'text' | 'length' | 'count' | 'compact' | 'tags'
}

export type Layout = { readonly bytes: Buffer; readonly marks: readonly Mark[] }
type Fields = Readonly<Record<string, unknown>>

/** A value with every field that the version has: what was left out holds its default. */
export function completed(shape: Shape, version: number, value: unknown): Record<string, unknown> {
  const given = value as Fields
  const fields = Object.entries(shape).filter(([, field]) => includesVersion(field.versions, version))
  return Object.fromEntries(
    fields.map(([name, field]) => [
      name,
      completedField(field, version, given[name] ?? undefined, given, name),
    ]),
  )
}

function completedField(
  field: FieldSpec,
  version: number,
  value: unknown,
  given: Fields,
  name: string,
): unknown {
  if (value === undefined) return given[name] === null ? null : defaultOf(field)()
  if (field.type === 'struct') return completed(field.shape!, version, value)
  if (field.type !== 'array' || field.element!.type !== 'struct') return value
  return (value as readonly unknown[]).map((item) => completed(field.element!.shape!, version, item))
}

/**
 * Encodes a message body and keeps where everything stands: an encoder of its own, so that a test can damage one
 * field and know which. Its bytes are those of the broker's encoder, which the test checks.
 */
export function layoutOf(message: Message, version: number, body: unknown): Layout {
  const tracer = new Tracer({ version, flexible: includesVersion(message.flexible, version) })
  tracer.struct(message.shape, body as Fields, '')
  return tracer.layout()
}

class Tracer {
  readonly #encoding: Encoding
  readonly #chunks: Buffer[] = []
  readonly #marks: Mark[] = []
  #at = 0

  constructor(encoding: Encoding) {
    this.#encoding = encoding
  }

  layout(): Layout {
    return { bytes: Buffer.concat(this.#chunks), marks: this.#marks }
  }

  struct(shape: Shape, value: Fields, path: string): void {
    const fields = Object.entries(shape).filter(([, field]) =>
      includesVersion(field.versions, this.#encoding.version),
    )
    for (const [name, field] of fields) {
      if (!isTagged(field, this.#encoding))
        this.#field(field, value[name], path === '' ? name : `${path}.${name}`)
    }
    if (!this.#encoding.flexible) return
    const tagged = fields.filter(
      ([name, field]) => isTagged(field, this.#encoding) && !isDefault(field, value[name]),
    )
    this.#put(varint(tagged.length), `${path}.tags`, 'tags')
    for (const [name, field] of tagged.sort(([, a], [, b]) => a.tag! - b.tag!)) {
      const inner = new Tracer(this.#encoding)
      inner.#field(field, value[name], name)
      const { bytes } = inner.layout()
      this.#put(Buffer.concat([varint(field.tag!), varint(bytes.length), bytes]), `${path}.${name}`, 'value')
    }
  }

  #put(bytes: Buffer, path: string, kind: Mark['kind']): void {
    this.#chunks.push(bytes)
    this.#marks.push({ path, at: this.#at, size: bytes.length, kind })
    this.#at += bytes.length
  }

  /** −1 is null. */
  #length(length: number, bytes: 2 | 4, path: string, kind: 'length' | 'count'): void {
    if (this.#encoding.flexible) return void this.#put(varint(length + 1), path, 'compact')
    const prefix = Buffer.alloc(bytes)
    prefix.writeIntBE(length, 0, bytes)
    this.#put(prefix, path, kind)
  }

  #field(field: FieldSpec, value: unknown, path: string): void {
    switch (field.type) {
      case 'string': {
        const text = value === null ? null : Buffer.from(value as string)
        this.#length(text?.length ?? -1, 2, path, 'length')
        if (text && text.length > 0) this.#put(text, path, 'text')
        return
      }
      case 'bytes':
      case 'records': {
        const bytes = value as Buffer | null
        this.#length(bytes?.length ?? -1, 4, path, 'length')
        if (bytes && bytes.length > 0) this.#put(bytes, path, 'value')
        return
      }
      case 'array': {
        const items = value as readonly unknown[] | null
        this.#length(items?.length ?? -1, 4, path, 'count')
        for (const [index, item] of items?.entries() ?? []) {
          this.#element(field.element!, item, `${path}[${index}]`)
        }
        return
      }
      case 'struct':
        this.#structField(field, value as Fields | null, path)
        return
      default:
        this.#put(fixed(field, value), path, kindOf(field))
    }
  }

  #element(element: FieldSpec, item: unknown, path: string): void {
    if (element.type === 'struct') this.struct(element.shape!, item as Fields, path)
    else this.#field(element, item, path)
  }

  /** A nullable struct has a byte before it: −1 for null, else 1. */
  #structField(field: FieldSpec, value: Fields | null, path: string): void {
    if (includesVersion(field.nullable, this.#encoding.version)) {
      this.#put(Buffer.from([value === null ? 0xff : 1]), path, 'value')
    }
    if (value !== null) this.struct(field.shape!, value, path)
  }
}

function kindOf({ type }: FieldSpec): Mark['kind'] {
  return type === 'bool' ? 'bool' : type === 'int64' ? 'int64' : 'value'
}

function isDefault(field: FieldSpec, value: unknown): boolean {
  return JSON.stringify(value) === JSON.stringify(defaultOf(field)())
}

function fixed({ type }: FieldSpec, value: unknown): Buffer {
  if (type === 'bool') return Buffer.from([value ? 1 : 0])
  if (type === 'uuid') return Buffer.from(value as string, 'base64url')
  const bytes = Buffer.alloc({ int8: 1, int16: 2, uint16: 2, int32: 4, uint32: 4 }[type as 'int8'] ?? 8)
  const number = value as number
  if (type === 'float64') bytes.writeDoubleBE(number)
  else if (type === 'int64')
    bytes.writeBigInt64BE(number === Number.MAX_SAFE_INTEGER ? 2n ** 63n - 1n : BigInt(number))
  else if (type === 'uint16' || type === 'uint32') bytes.writeUIntBE(number, 0, bytes.length)
  else bytes.writeIntBE(number, 0, bytes.length)
  return bytes
}

/** Seven bits a byte, lowest first. */
export function varint(value: number): Buffer {
  const bytes: number[] = []
  let left = value
  for (; left >= 0x80; left = Math.floor(left / 0x80)) bytes.push((left % 0x80) | 0x80)
  return Buffer.from([...bytes, left])
}
