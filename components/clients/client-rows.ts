import type { ClientRow } from '../../lib/contract/clients.ts'
import type { Sort } from '../ui/data-table.tsx'
import { wordFilter } from '../ui/word-filter.ts'

export const impliedText = 'Told on another connection of the same client id and host'

/** `librdkafka 2.8.0`; what a client that says nothing of itself is called. */
export function softwareOf(client: ClientRow): string {
  if (client.softwareName === null) return 'unknown software'
  return client.softwareVersion === null
    ? client.softwareName
    : `${client.softwareName} ${client.softwareVersion}`
}

function compare(a: ClientRow, b: ClientRow, column: string): number {
  switch (column) {
    case 'software':
      return softwareOf(a).localeCompare(softwareOf(b))
    case 'rate':
      return (a.requestsPerSecond ?? -1) - (b.requestsPerSecond ?? -1)
    case 'requests':
      return (a.requests ?? -1) - (b.requests ?? -1)
    case 'in':
      return (a.bytesIn ?? -1) - (b.bytesIn ?? -1)
    case 'out':
      return (a.bytesOut ?? -1) - (b.bytesOut ?? -1)
    default:
      return a.clientId.localeCompare(b.clientId)
  }
}

/** Connections that match `filter`, ordered; the dashboard's own only when `own`. */
export function clientRows(
  clients: readonly ClientRow[],
  filter: string,
  own: boolean,
  sort: Sort,
): ClientRow[] {
  const holds = wordFilter(filter)
  const sign = sort.descending ? -1 : 1
  return clients
    .filter((client) => {
      if (client.own && !own) return false
      return holds(`${client.clientId} ${softwareOf(client)} ${client.address} ${client.groups.join(' ')}`)
    })
    .sort((a, b) => sign * compare(a, b, sort.column) || a.id.localeCompare(b.id, 'en', { numeric: true }))
}
