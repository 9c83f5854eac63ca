import type { FieldSpec, Message, Shape } from '../../broker/protocol/fields.ts'
import { includesVersion } from '../../broker/protocol/versions.ts'

/** A message's value as golden files keep it: only the version's fields, buffers in base64. */
export function plainJson(message: Message, version: number, value: unknown): unknown {
  return plainShape(message.shape, version, value)
}

function plainShape(shape: Shape, version: number, value: unknown): unknown {
  const fields = Object.entries(shape).filter(([, field]) => includesVersion(field.versions, version))
  const values = value as Readonly<Record<string, unknown>>
  return Object.fromEntries(fields.map(([name, field]) => [name, plainField(field, version, values[name])]))
}

function plainField(field: FieldSpec, version: number, value: unknown): unknown {
  if (value === null) return null
  if (Buffer.isBuffer(value)) return value.toString('base64')
  if (field.type === 'struct') return plainShape(field.shape!, version, value)
  if (field.type !== 'array') return value
  return (value as readonly unknown[]).map((one) => plainField(field.element!, version, one))
}
