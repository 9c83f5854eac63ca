/** What a quota is set on: users, client ids, both together or addresses; null is the default for all that have none. */
export type QuotaEntity = ReadonlyMap<string, string | null>

export type ClientQuota = { readonly entity: QuotaEntity; readonly values: ReadonlyMap<string, number> }

export type QuotaName =
  | 'producer_byte_rate'
  | 'consumer_byte_rate'
  | 'request_percentage'
  | 'controller_mutation_rate'

/** One text for each entity, whatever the order of its parts. */
export function entityKey(entity: QuotaEntity): string {
  return JSON.stringify([...entity].sort(([a], [b]) => (a < b ? -1 : 1)))
}

/** `scope`: who shares the limit. One user's clients do when it is the user's, a client id's users when it is its. */
export type QuotaLimit = { readonly limit: number; readonly scope: string }

/**
 * The limit that holds for a client, in Kafka's order of precedence (KIP-55): the more exact goes first, and a user
 * before a client id; undefined where none is set.
 */
export function quotaLimit(
  quotas: ReadonlyMap<string, ClientQuota>,
  name: QuotaName,
  user: string,
  clientId: string,
): QuotaLimit | undefined {
  if (quotas.size === 0) return undefined
  const own = JSON.stringify([user, clientId])
  const users = JSON.stringify([user, null])
  const clients = JSON.stringify([null, clientId])
  const ranks: readonly (readonly [scope: string, ...parts: readonly [string, string | null][]])[] = [
    [own, ['user', user], ['client-id', clientId]],
    [own, ['user', user], ['client-id', null]],
    [users, ['user', user]],
    [own, ['user', null], ['client-id', clientId]],
    [own, ['user', null], ['client-id', null]],
    [users, ['user', null]],
    [clients, ['client-id', clientId]],
    [clients, ['client-id', null]],
  ]
  for (const [scope, ...parts] of ranks) {
    const limit = quotas.get(entityKey(new Map(parts)))?.values.get(name)
    if (limit !== undefined) return { limit, scope }
  }
  return undefined
}

/** The connections a second that an address may open; undefined where none is set. */
export function addressLimit(quotas: ReadonlyMap<string, ClientQuota>, ip: string): number | undefined {
  if (quotas.size === 0) return undefined
  const of = (name: string | null) =>
    quotas.get(entityKey(new Map([['ip', name]])))?.values.get('connection_creation_rate')
  return of(ip) ?? of(null)
}
