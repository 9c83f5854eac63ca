import type { ConfigTable } from './definition.ts'
import { int, list } from './definition.ts'
import { ConfigError, parseConfig } from './parse.ts'
import type { Overrides } from './resolve.ts'

/**
 * The configs of one subscription to client metrics (KIP-714). They are kept and told, as in a Kafka without a
 * receiver of telemetry: then no client is asked for any.
 */
export const clientMetricsConfigs = {
  'interval.ms': int(300_000, 'How often a client would push its metrics.'),
  match: list([], 'Which clients would be asked: pairs of a property and a pattern. None asks all.'),
  metrics: list([], 'Prefixes of the names of the metrics that would be pushed; "*" stands for all.'),
} satisfies ConfigTable

const [minIntervalMs, maxIntervalMs] = [100, 3_600_000]
const properties: ReadonlySet<string> = new Set([
  'client_instance_id',
  'client_id',
  'client_software_name',
  'client_software_version',
  'client_source_address',
  'client_source_port',
])

/** A fault that Kafka calls an invalid request, where others are an invalid config. */
export class SubscriptionError extends ConfigError {
  override name = 'SubscriptionError'
}

/** Refuses what a subscription cannot have, with Kafka's sentence in a `ConfigError`. */
export function validateSubscription(overrides: Overrides): void {
  const table: ConfigTable = clientMetricsConfigs
  for (const [name, text] of overrides) {
    const definition = Object.hasOwn(table, name) ? table[name] : undefined
    if (!definition) throw new SubscriptionError(`Unknown client metrics configuration: ${name}`)
    const value = parseConfig(name, text, definition)
    if (name === 'interval.ms') refuseInterval(Number(value))
    if (name === 'match' && Array.isArray(value)) value.forEach(refusePattern)
  }
}

function refuseInterval(intervalMs: number): void {
  if (intervalMs >= minIntervalMs && intervalMs <= maxIntervalMs) return
  throw new SubscriptionError(
    `Invalid value ${intervalMs} for interval.ms, interval must be between ${minIntervalMs} and ${maxIntervalMs} (1 hour)`,
  )
}

function refusePattern(pair: string): void {
  const [property, pattern, ...more] = pair.split('=')
  if (property && pattern && more.length === 0 && properties.has(property) && isPattern(pattern)) return
  throw new ConfigError(`Illegal client matching pattern: ${pair}`)
}

function isPattern(text: string): boolean {
  try {
    new RegExp(text)
    return true
  } catch {
    return false
  }
}
