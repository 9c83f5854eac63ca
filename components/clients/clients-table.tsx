'use client'

import { type ReactNode, useMemo } from 'react'
import type { ClientRow } from '../../lib/contract/clients.ts'
import { formatBytes } from '../format/bytes.ts'
import { formatCount, formatRate } from '../format/count.ts'
import { Badge } from '../ui/badge.tsx'
import { type Column, DataTable, type Sort } from '../ui/data-table.tsx'
import { impliedText, softwareOf } from './client-rows.ts'

function Software({ client }: { client: ClientRow }): ReactNode {
  return (
    <span
      className={client.softwareName === null || client.softwareImplied ? 'text-faint' : ''}
      title={client.softwareImplied ? impliedText : undefined}
    >
      {softwareOf(client)}
    </span>
  )
}

/** Opens the connection. On phones, which have no room for the column, its software stands below. */
function Name({ client, onOpen }: { client: ClientRow; onOpen: (id: string) => void }): ReactNode {
  return (
    <div className="min-w-0">
      <span className="flex min-w-0 items-center gap-2">
        <button
          type="button"
          onClick={() => onOpen(client.id)}
          title={client.clientId}
          className="min-w-0 truncate text-left font-medium hover:underline"
        >
          {client.clientId || '(no client id)'}
        </button>
        {client.own && <Badge title="The dashboard’s own connection">own</Badge>}
      </span>
      <span className="block truncate text-xs text-muted md:hidden">
        <Software client={client} />
      </span>
    </div>
  )
}

const detailColumns: readonly Column<ClientRow>[] = [
  {
    id: 'software',
    header: 'Software',
    width: 'minmax(0,0.8fr)',
    sortable: true,
    wideOnly: true,
    cell: (row) => <Software client={row} />,
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
    header: 'Total',
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

function columnsOf(onOpen: (id: string) => void): Column<ClientRow>[] {
  return [
    {
      id: 'clientId',
      header: 'Client',
      width: 'minmax(0,1fr)',
      sortable: true,
      cell: (row) => <Name client={row} onOpen={onOpen} />,
    },
    ...detailColumns,
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
