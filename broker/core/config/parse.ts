import type { ConfigDefinition, ConfigTable, ConfigType, ConfigValue } from './definition.ts'
import { invalidValue } from './validator.ts'

/** A value that Kafka's ConfigDef would refuse; the message is what a client reads after INVALID_CONFIG. */
export class ConfigError extends Error {
  override name = 'ConfigError'
  readonly code = 'INVALID_CONFIG'
}

const integerLimits = {
  SHORT: [-(2n ** 15n), 2n ** 15n - 1n],
  INT: [-(2n ** 31n), 2n ** 31n - 1n],
  LONG: [-(2n ** 63n), 2n ** 63n - 1n],
} as const

/** Parses and validates the text of one config. Throws `ConfigError`. */
export function parseConfig(name: string, text: string | null, definition: ConfigDefinition): ConfigValue {
  const value = text === null ? null : parseText(name, text, definition.type)
  // An unset default is not validated, as in ConfigDef: only what somebody wrote is.
  if (text === null && definition.default === null) return null
  const complaint = definition.validate?.(value, name)
  if (complaint !== undefined) throw new ConfigError(complaint)
  return value
}

/** The value as DescribeConfigs shows it: parsed and written again, as Kafka does (`" 5"` → `"5"`). */
export function normalizeText(name: string, text: string, definition: ConfigDefinition): string {
  if (definition.type === 'LONG' || definition.type === 'INT' || definition.type === 'SHORT') {
    return parseInteger(name, text, definition.type).toString()
  }
  return formatValue(parseText(name, text, definition.type), definition.type)
}

/** Parses a whole table: `textOf` gives a name's text, or undefined for the default. */
export function parseTable(
  table: ConfigTable,
  textOf: (name: string) => string | null | undefined,
): Record<string, ConfigValue> {
  const values: Record<string, ConfigValue> = {}
  for (const [name, definition] of Object.entries(table)) {
    const text = textOf(name)
    values[name] = parseConfig(name, text === undefined ? definition.default : text, definition)
  }
  return values
}

function parseText(name: string, text: string, type: ConfigType): ConfigValue {
  const trimmed = text.trim()
  switch (type) {
    case 'BOOLEAN':
      if (trimmed.toLowerCase() === 'true') return true
      if (trimmed.toLowerCase() === 'false') return false
      throw new ConfigError(invalidValue(name, text, 'Expected value to be either true or false'))
    case 'SHORT':
    case 'INT':
    case 'LONG':
      return Number(parseInteger(name, text, type))
    case 'DOUBLE':
      if (/^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?[fd]?$/i.test(trimmed)) return Number.parseFloat(trimmed)
      if (/^[+-]?Infinity$|^NaN$/.test(trimmed)) return Number(trimmed)
      throw new ConfigError(invalidValue(name, text, 'Not a number of type DOUBLE'))
    case 'LIST':
      return trimmed === '' ? [] : [...new Set(trimmed.split(/\s*,\s*/))]
    case 'STRING':
      return trimmed
    case 'PASSWORD':
      return text
  }
}

function parseInteger(name: string, text: string, type: keyof typeof integerLimits): bigint {
  const trimmed = text.trim()
  const [min, max] = integerLimits[type]
  if (/^[+-]?\d+$/.test(trimmed)) {
    const value = BigInt(trimmed.replace(/^\+/, ''))
    if (value >= min && value <= max) return value
  }
  throw new ConfigError(invalidValue(name, text, `Not a number of type ${type}`))
}

function formatValue(value: ConfigValue, type: ConfigType): string {
  if (Array.isArray(value)) return value.join(',')
  if (type === 'DOUBLE' && typeof value === 'number') return formatDouble(value)
  return String(value)
}

/** As Java writes a double: always with a point, and `E` outside 10^-3 to 10^7. */
function formatDouble(value: number): string {
  if (!Number.isFinite(value) || value === 0) return value === 0 ? '0.0' : String(value)
  const magnitude = Math.abs(value)
  if (magnitude >= 1e-3 && magnitude < 1e7) return Number.isInteger(value) ? `${value}.0` : String(value)
  const [digits, exponent] = value.toExponential().split('e')
  return `${digits!.includes('.') ? digits : `${digits}.0`}E${Number(exponent)}`
}
