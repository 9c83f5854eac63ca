import type { FieldSpec, Shape } from './fields.ts'
import { zeroUuid } from './reader.ts'
import { includesVersion } from './versions.ts'

/** The form in which one version of a message is on the wire. */
export interface Encoding {
  readonly version: number
  readonly flexible: boolean
}

export function isTagged(field: FieldSpec, encoding: Encoding): boolean {
  return field.tag !== undefined && includesVersion(field.tagged, encoding.version)
}

/** The value of a field that is not on the wire. Arrays and structs are made anew each time. */
export function defaultOf(field: FieldSpec): () => unknown {
  if (field.default !== undefined) {
    const value = field.default
    return Array.isArray(value) ? () => [...value] : () => value
  }
  switch (field.type) {
    case 'bool':
      return () => false
    case 'string':
      return () => ''
    case 'uuid':
      return () => zeroUuid
    case 'bytes':
      return () => Buffer.alloc(0)
    case 'records':
      return () => null
    case 'array':
      return () => []
    case 'struct':
      return structDefault(field.shape!)
    default:
      return () => 0
  }
}

function structDefault(shape: Shape): () => unknown {
  const defaults = Object.entries(shape).map(([name, field]) => [name, defaultOf(field)] as const)
  return () => Object.fromEntries(defaults.map(([name, makeDefault]) => [name, makeDefault()]))
}
