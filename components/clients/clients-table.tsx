'use client'

import { type ReactNode, useMemo } from 'react'
import type { ClientRow } from '../../lib/contract/clients.ts'
import { formatBytes } from '../format/bytes.ts'
import { formatCount, formatRate } from '../format/count.ts'
import { Badge } from '../ui/badge.tsx'
import { type Column, DataTable, type Sort } from '../ui/data-table.tsx'

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
  const words = filter.toLowerCase().split(/\s+/).filter(Boolean)
  const sign = sort.descending ? -1 : 1
  return clients
    .filter((client) => {
      if (client.own && !own) return false
      const text =
        `${client.clientId} ${softwareOf(client)} ${client.address} ${client.groups.join(' ')}`.toLowerCase()
      return words.every((word) => text.includes(word))
    })
    .sort((a, b) => sign * compare(a, b, sort.column) || a.id.localeCompare(b.id, 'en', { numeric: true }))
}

function columnsOf(onOpen: (id: string) => void): Column<ClientRow>[] {
  return [
    {
      id: 'clientId',
      header: 'Client',
      width: 'minmax(0,1fr)',
      sortable: true,
      cell: (row) => (
        <span className="flex min-w-0 items-center gap-2">
          <button
            type="button"
            onClick={() => onOpen(row.id)}
            title={row.clientId}
            className="min-w-0 truncate text-left font-medium hover:underline"
          >
            {row.clientId || '(no client id)'}
          </button>
          {row.own && <Badge title="The dashboard’s own connection">own</Badge>}
        </span>
      ),
    },
    {
      id: 'software',
      header: 'Software',
      width: 'minmax(0,0.8fr)',
      sortable: true,
      cell: (row) => <span className={row.softwareName === null ? 'text-faint' : ''}>{softwareOf(row)}</span>,
    },
    {
      id: 'address',
      header: 'Address',
      width: '10rem',
      wideOnly: true,
      cell: (row) => <code className="text-xs">{row.address}</code>,
    },
    {
      id: 'groups',
      header: 'Groups',
      width: 'minmax(0,0.6fr)',
      wideOnly: true,
      cell: (row) => <span className="text-muted">{row.groups.join(', ')}</span>,
    },
    {
      id: 'rate',
      header: 'Requests',
      width: '5.5rem',
      align: 'right',
      sortable: true,
      cell: (row) => (row.requestsPerSecond === null ? '–' : `${formatRate(row.requestsPerSecond)}/s`),
    },
    {
      id: 'requests',
      header: 'In all',
      width: '5rem',
      align: 'right',
      sortable: true,
      wideOnly: true,
      cell: (row) => formatCount(row.requests),
    },
    {
      id: 'in',
      header: 'Sent',
      width: '5.5rem',
      align: 'right',
      sortable: true,
      wideOnly: true,
      cell: (row) => formatBytes(row.bytesIn),
    },
    {
      id: 'out',
      header: 'Received',
      width: '5.5rem',
      align: 'right',
      sortable: true,
      wideOnly: true,
      cell: (row) => formatBytes(row.bytesOut),
    },
  ]
}

/** Every connection, one row each. */
export function ClientsTable({
  rows,
  sort,
  onSort,
  onOpen,
  empty,
}: {
  rows: readonly ClientRow[]
  sort: Sort
  onSort: (sort: Sort) => void
  onOpen: (id: string) => void
  empty: ReactNode
}): ReactNode {
  const columns = useMemo(() => columnsOf(onOpen), [onOpen])
  return (
    <DataTable
      label="Clients"
      columns={columns}
      rows={rows}
      rowKey={(row) => row.id}
      sort={sort}
      onSort={onSort}
      empty={empty}
      className="rounded-lg border border-line bg-panel"
    />
  )
}
