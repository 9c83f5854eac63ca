import { isIP } from 'node:net'
import type { QuotaEntity } from './client-quota.ts'

const clientKeys = [
  'producer_byte_rate',
  'consumer_byte_rate',
  'request_percentage',
  'controller_mutation_rate',
]
const addressKeys = ['connection_creation_rate']
const wholeKeys: ReadonlySet<string> = new Set(['producer_byte_rate', 'consumer_byte_rate'])
const entityTypes: ReadonlySet<string> = new Set(['user', 'client-id', 'ip'])
const wholeTolerance = 1e-6
const maxLong = 2 ** 63

type EntityPart = { readonly entityType: string; readonly entityName: string | null }

/** What is wrong with an entity, in Kafka's words (ClientQuotaControlManager), or the entity. */
export function parseQuotaEntity(parts: readonly EntityPart[]): QuotaEntity | string {
  if (parts.length === 0) return 'Invalid empty client quota entity'
  const entity = new Map<string, string | null>()
  for (const { entityType, entityName } of parts) {
    if (entity.has(entityType)) return `Invalid client quota entity, duplicate entity entry ${entityType}`
    if (!entityTypes.has(entityType)) return `Unhandled client quota entity type: ${entityType}`
    if (entityName === '') return `Empty ${entityType} not supported`
    entity.set(entityType, entityName)
  }
  if (!entity.has('ip')) return entity
  if (entity.size > 1)
    return 'Invalid quota entity combination, IP entity should not be combined with User or ClientId'
  const ip = entity.get('ip')
  return ip === null || ip === undefined || isIP(ip) !== 0
    ? entity
    : `${ip} is not a valid IP or resolvable host.`
}

/** What is wrong with a value, in Kafka's words; undefined when it may be set. */
export function quotaValueFault(entity: QuotaEntity, key: string, value: number): string | undefined {
  const keys = entity.has('ip') ? addressKeys : clientKeys
  if (!keys.includes(key)) return `Invalid configuration key ${key}`
  if (!(value > 0)) return `Quota ${key} must be greater than 0`
  if (wholeKeys.has(key) && value > maxLong) return `Proposed value for ${key} is too large for a LONG.`
  const isWhole = Math.abs(Math.trunc(value + wholeTolerance) - value) <= wholeTolerance
  if (wholeKeys.has(key) && !isWhole) return `${key} must be a Long value`
  if (key === 'connection_creation_rate' && !Number.isInteger(value)) {
    return `${key} cannot be a fractional value.`
  }
  return undefined
}
