import { errorCode } from '../protocol/error-codes.ts'
import type { Decoded } from '../protocol/fields.ts'
import type {
  alterClientQuotasRequest,
  alterClientQuotasResponse,
} from '../protocol/schemas/49-alter-client-quotas.ts'
import { entityKey } from '../security/quota/client-quota.ts'
import { parseQuotaEntity, quotaValueFault } from '../security/quota/validate-quota.ts'
import { duplicatesOf } from './duplicates.ts'
import type { Handler, HandlerContext } from './handler.ts'

type Entry = Decoded<typeof alterClientQuotasRequest>['entries'][number]

/** v0-1. Entities are independent of each other; what would do nothing here is refused (GAPS.md). */
export const alterClientQuotas: Handler<typeof alterClientQuotasRequest, typeof alterClientQuotasResponse> = (
  context,
  request,
) => ({
  throttleTimeMs: 0,
  entries: request.entries.map((entry) => alterEntry(context, entry, request.validateOnly)),
})

function alterEntry({ node }: HandlerContext, { entity: parts, ops }: Entry, validateOnly: boolean) {
  const refuse = (errorMessage: string) => ({
    errorCode: errorCode.invalidRequest,
    errorMessage,
    entity: parts,
  })
  const entity = parseQuotaEntity(parts)
  if (typeof entity === 'string') return refuse(entity)
  const current = node.image.clientQuotas.get(entityKey(entity))?.values
  if (duplicatesOf(ops.map(({ key }) => key)).size > 0) return refuse('The same quota stands there twice.')
  const changes = new Map<string, number | null>()
  for (const { key, value, remove } of ops) {
    const fault = remove ? undefined : quotaValueFault(entity, key, value)
    if (fault) return refuse(fault)
    // What is so already needs no record.
    if (remove ? current?.has(key) : current?.get(key) !== value) changes.set(key, remove ? null : value)
  }
  const outcome = validateOnly
    ? { errorCode: errorCode.none, message: null }
    : node.controller.alterClientQuotas(entity, changes)
  return { errorCode: outcome.errorCode, errorMessage: outcome.message, entity: parts }
}
