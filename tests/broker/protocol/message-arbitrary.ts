import fc from 'fast-check'
import { defaultOf } from '../../../broker/protocol/encoding.ts'
import type { FieldSpec, Message, Shape } from '../../../broker/protocol/fields.ts'
import { includesVersion } from '../../../broker/protocol/versions.ts'

type Value = Record<string, unknown>

/** A value of any message in a version, as `decode` would give it: absent fields hold their defaults. */
export function messageArbitrary(message: Message, version: number): fc.Arbitrary<Value> {
  return shapeArbitrary(message.shape, version)
}

/** The value in which every field holds its default. */
export function defaultValue(message: Message): Value {
  return Object.fromEntries(Object.entries(message.shape).map(([name, field]) => [name, defaultOf(field)()]))
}

function shapeArbitrary(shape: Shape, version: number): fc.Arbitrary<Value> {
  const fields = Object.entries(shape).map(([name, field]) => [name, fieldArbitrary(field, version)])
  // fast-check makes objects without a prototype otherwise, which `toEqual` does not mind but people do.
  return fc.record(Object.fromEntries(fields), { noNullPrototype: true })
}

function fieldArbitrary(field: FieldSpec, version: number): fc.Arbitrary<unknown> {
  if (!includesVersion(field.versions, version)) return fc.constant(null).map(defaultOf(field))
  const value = typeArbitrary(field, version)
  return includesVersion(field.nullable, version) ? fc.option(value, { freq: 4 }) : value
}

/** Strings of whole code points: half a surrogate pair has no UTF-8. */
const text = fc.oneof(fc.string({ maxLength: 12 }), fc.string({ unit: 'binary', maxLength: 60 }))

function typeArbitrary(field: FieldSpec, version: number): fc.Arbitrary<unknown> {
  switch (field.type) {
    case 'bool':
      return fc.boolean()
    case 'int8':
      return fc.integer({ min: -0x80, max: 0x7f })
    case 'int16':
      return fc.integer({ min: -0x8000, max: 0x7fff })
    case 'uint16':
      return fc.integer({ min: 0, max: 0xffff })
    case 'int32':
      return fc.integer({ min: -0x80000000, max: 0x7fffffff })
    case 'uint32':
      return fc.integer({ min: 0, max: 0xffffffff })
    case 'int64':
      // The greatest safe integer stands for the greatest 64-bit one; its own bytes do not come back.
      return fc.integer({ min: Number.MIN_SAFE_INTEGER, max: Number.MAX_SAFE_INTEGER - 1 })
    case 'float64':
      return fc.double({ noNaN: true })
    case 'string':
      return text
    case 'uuid':
      return fc
        .uint8Array({ minLength: 16, maxLength: 16 })
        .map((id) => Buffer.from(id).toString('base64url'))
    case 'bytes':
    case 'records':
      return fc.uint8Array({ maxLength: 40 }).map((some) => Buffer.from(some))
    case 'array':
      return fc.array(elementArbitrary(field.element!, version), { maxLength: 3 })
    case 'struct':
      return shapeArbitrary(field.shape!, version)
  }
}

function elementArbitrary(element: FieldSpec, version: number): fc.Arbitrary<unknown> {
  return element.type === 'struct' ? shapeArbitrary(element.shape!, version) : typeArbitrary(element, version)
}
