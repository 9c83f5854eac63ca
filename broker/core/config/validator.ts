import type { ConfigValue } from './definition.ts'

/** The whole sentence that says what is wrong with a parsed value, as Kafka's ConfigDef puts it, or undefined. */
export type Validator = (value: ConfigValue, name: string) => string | undefined

export function atLeast(min: number): Validator {
  return between(min, undefined)
}

export function between(min: number, max: number | undefined): Validator {
  return (value, name) => {
    if (typeof value !== 'number') return invalidValue(name, value, 'Value must be non-null')
    // Written so that NaN fails too, as Kafka's comparison of doubles has it.
    if (!(value >= min)) return invalidValue(name, value, `Value must be at least ${min}`)
    if (max !== undefined && !(value <= max)) {
      return invalidValue(name, value, `Value must be no more than ${max}`)
    }
    return undefined
  }
}

/** Kafka allows none from an address only beside exceptions (`max.connections.per.ip.overrides`), which are absent here. */
export function connectionsPerIp(value: ConfigValue, name: string): string | undefined {
  if (value !== 0) return atLeast(0)(value, name)
  return `${name} can be configured to zero only if ${name}.overrides property is set.`
}

export function oneOf(...allowed: readonly string[]): Validator {
  return (value, name) =>
    typeof value === 'string' && allowed.includes(value)
      ? undefined
      : invalidValue(name, value, `String must be one of: ${allowed.join(', ')}`)
}

export function oneOfIgnoringCase(...allowed: readonly string[]): Validator {
  return (value, name) =>
    typeof value === 'string' && allowed.includes(value.toUpperCase())
      ? undefined
      : invalidValue(name, value, `String must be one of (case insensitive): ${allowed.join(', ')}`)
}

/** A list of allowed items; empty only if `empty` is set. */
export function listOf(allowed: readonly string[], options: { empty?: boolean } = {}): Validator {
  return (value, name) => {
    if (!Array.isArray(value)) return invalidValue(name, value, 'Value must be non-null')
    if (value.length === 0 && !options.empty) {
      return `Configuration '${name}' must not be empty. Valid values include: [${allowed.join(', ')}]`
    }
    if (value.includes('')) return `Configuration '${name}' values must not be empty.`
    const wrong = value.find((item: string) => !allowed.includes(item))
    if (wrong === undefined) return undefined
    return invalidValue(name, wrong, `String must be one of: ${allowed.join(', ')}`)
  }
}

export function gzipLevel(value: ConfigValue, name: string): string | undefined {
  const valid = typeof value === 'number' && (value === -1 || (value >= 1 && value <= 9))
  return valid ? undefined : invalidValue(name, value, 'Value must be between 1 and 9 or equal to -1')
}

/** `*`, or pairs of partition and broker: `0:1,1:2`. */
export function throttledReplicas(value: ConfigValue, name: string): string | undefined {
  const pairs = Array.isArray(value) ? value : []
  const all = pairs.length === 1 && pairs[0] === '*'
  if (all || pairs.every((pair) => /^[0-9]+:[0-9]+$/.test(pair))) return undefined
  const form = '[partitionId]:[brokerId],[partitionId]:[brokerId],...'
  return invalidValue(
    name,
    value,
    `${name} must be the literal '*' or a list of replicas in the following format: ${form}`,
  )
}

export function withoutTieredStorage(value: ConfigValue, name: string): string | undefined {
  return value === false ? undefined : invalidValue(name, value, 'This broker has no tiered storage')
}

export function notTiered(value: ConfigValue): string | undefined {
  if (value === false) return undefined
  return 'Tiered Storage functionality is disabled in the broker. Topic cannot be configured with remote log storage.'
}

/** Kafka's sentence for a value that its definition refuses. */
export function invalidValue(name: string, value: ConfigValue, complaint: string): string {
  const text = Array.isArray(value) ? `[${value.join(', ')}]` : String(value)
  return `Invalid value ${text} for configuration ${name}: ${complaint}`
}
