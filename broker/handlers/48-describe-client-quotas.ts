import { errorCode } from '../protocol/error-codes.ts'
import type { Decoded } from '../protocol/fields.ts'
import type {
  describeClientQuotasRequest,
  describeClientQuotasResponse,
} from '../protocol/schemas/48-describe-client-quotas.ts'
import type { QuotaEntity } from '../security/quota/client-quota.ts'
import type { Handler } from './handler.ts'

type Component = Decoded<typeof describeClientQuotasRequest>['components'][number]

const matchType = { exact: 0, default: 1, specified: 2 }
const entityTypes: ReadonlySet<string> = new Set(['user', 'client-id', 'ip'])

/** v0-1. An entity is listed when each component of the filter matches it; `strict`: and it has no other part. */
export const describeClientQuotas: Handler<
  typeof describeClientQuotasRequest,
  typeof describeClientQuotasResponse
> = ({ node }, { components, strict }) => {
  const fault = filterFault(components)
  if (fault) return { throttleTimeMs: 0, errorCode: fault.code, errorMessage: fault.message, entries: null }
  const entries = [...node.image.clientQuotas.values()].filter(
    ({ entity }) =>
      components.every((component) => matches(entity, component)) &&
      (!strict || entity.size === components.length),
  )
  return {
    throttleTimeMs: 0,
    errorCode: errorCode.none,
    errorMessage: null,
    entries: entries.map(({ entity, values }) => ({
      entity: [...entity].map(([entityType, entityName]) => ({ entityType, entityName })),
      values: [...values].map(([key, value]) => ({ key, value })),
    })),
  }
}

function matches(entity: QuotaEntity, component: Component): boolean {
  const name = entity.get(component.entityType)
  if (name === undefined) return false
  if (component.matchType === matchType.specified) return true
  return name === (component.matchType === matchType.exact ? component.match : null)
}

/** In the words of Kafka's ClientQuotasImage. */
function filterFault(components: readonly Component[]): { code: number; message: string } | undefined {
  const invalid = (message: string) => ({ code: errorCode.invalidRequest, message })
  const unsupported = (message: string) => ({ code: errorCode.unsupportedVersion, message })
  const seen = new Set<string>()
  for (const { entityType, matchType: type, match } of components) {
    if (entityType === '') return invalid('Invalid empty entity type.')
    if (seen.has(entityType))
      return invalid(`Entity type ${entityType} cannot appear more than once in the filter.`)
    seen.add(entityType)
    if (!entityTypes.has(entityType)) return unsupported(`Unsupported entity type ${entityType}`)
    if (type === matchType.exact && match === null)
      return invalid('Request specified MATCH_TYPE_EXACT, but set match string to null.')
    if ((type === matchType.default || type === matchType.specified) && match !== null) {
      const word = type === matchType.default ? 'MATCH_TYPE_DEFAULT' : 'MATCH_TYPE_SPECIFIED'
      return invalid(`Request specified ${word}, but also specified a match string.`)
    }
    if (type < 0 || type > 2) return invalid(`Unknown match type ${type}`)
  }
  if (seen.has('ip') && seen.size > 1) return invalid('Invalid entity filter component combination.')
  return undefined
}
