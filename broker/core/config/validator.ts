import type { ConfigValue } from './definition.ts'

/** What is wrong with a parsed value, in the words of Kafka's ConfigDef, or undefined. */
export type Validator = (value: ConfigValue, name: string) => string | undefined

export function atLeast(min: number): Validator {
  return between(min, undefined)
}

export function between(min: number, max: number | undefined): Validator {
  return (value) => {
    if (typeof value !== 'number') return 'Value must be non-null'
    // Written so that NaN fails too, as Kafka's comparison of doubles has it.
    if (!(value >= min)) return `Value must be at least ${min}`
    if (max !== undefined && !(value <= max)) return `Value must be no more than ${max}`
    return undefined
  }
}

export function oneOf(...allowed: readonly string[]): Validator {
  return (value) =>
    typeof value === 'string' && allowed.includes(value)
      ? undefined
      : `String must be one of: ${allowed.join(', ')}`
}

export function oneOfIgnoringCase(...allowed: readonly string[]): Validator {
  return (value) =>
    typeof value === 'string' && allowed.includes(value.toUpperCase())
      ? undefined
      : `String must be one of (case insensitive): ${allowed.join(', ')}`
}

/** A list whose items are each allowed and each there once; empty only if `empty` is set. */
export function listOf(allowed: readonly string[], options: { empty?: boolean } = {}): Validator {
  return (value, name) => {
    if (!Array.isArray(value)) return 'Value must be non-null'
    if (value.length === 0 && !options.empty) {
      return `Configuration '${name}' must not be empty. Valid values include: [${allowed.join(', ')}]`
    }
    if (new Set(value).size < value.length) return `Configuration '${name}' values must not be duplicated.`
    for (const item of value) {
      if (item === '') return `Configuration '${name}' values must not be empty.`
      if (allowed.length > 0 && !allowed.includes(item)) return `String must be one of: ${allowed.join(', ')}`
    }
    return undefined
  }
}

export function gzipLevel(value: ConfigValue): string | undefined {
  const valid = typeof value === 'number' && (value === -1 || (value >= 1 && value <= 9))
  return valid ? undefined : 'Value must be between 1 and 9 or equal to -1'
}

/** `*`, or pairs of partition and broker: `0:1,1:2`. */
export function throttledReplicas(value: ConfigValue, name: string): string | undefined {
  if (!Array.isArray(value)) return `${name} must be a list`
  const whole = value.join(',').trim()
  if (whole === '' || whole === '*' || value.every((pair) => /^[0-9]+:[0-9]+$/.test(pair))) return undefined
  return `${name} must be the literal '*' or a list of replicas in the following format: [partitionId]:[brokerId],[partitionId]:[brokerId],...`
}
