'use client'

import dynamic from 'next/dynamic'
import { parseAsBoolean, parseAsString, useQueryState, useQueryStates } from 'nuqs'
import { type ReactNode, useCallback, useMemo } from 'react'
import { clientRows } from '../../components/clients/client-rows.ts'
import { ClientsTable } from '../../components/clients/clients-table.tsx'
import { plural } from '../../components/format/count.ts'
import { useCluster } from '../../components/shell/use-cluster.ts'
import { Fidelity } from '../../components/ui/badge.tsx'
import { Checkbox } from '../../components/ui/field.tsx'
import { SearchInput } from '../../components/ui/input.tsx'
import { LiveRegion } from '../../components/ui/live-region.tsx'
import { PageBody, PageHead } from '../../components/ui/panel.tsx'
import { Empty, Failure, Loading } from '../../components/ui/states.tsx'
import { useLive } from '../../lib/live/provider.tsx'
import { useClients } from '../../lib/queries/clients.ts'

const ClientDialog = dynamic(
  () => import('../../components/clients/client-dialog.tsx').then((module) => module.ClientDialog),
  { ssr: false },
)

export function ClientsClient(): ReactNode {
  const { id, cluster } = useCluster()
  const [filter, setFilter] = useQueryState(
    'filter',
    parseAsString.withDefault('').withOptions({ throttleMs: 300 }),
  )
  const [view, setView] = useQueryStates({
    sort: parseAsString.withDefault('rate'),
    descending: parseAsBoolean.withDefault(true),
    own: parseAsBoolean.withDefault(false),
  })
  const [opened, setOpened] = useQueryState('client', parseAsString.withOptions({ history: 'push' }))
  useLive({ channel: 'clients', cluster: id })
  const { data, error, refetch } = useClients(id)
  const sort = useMemo(
    () => ({ column: view.sort, descending: view.descending }),
    [view.sort, view.descending],
  )
  const rows = useMemo(
    () => (data ? clientRows(data.clients, filter, view.own, sort) : []),
    [data, filter, view.own, sort],
  )
  const open = useCallback((client: string) => void setOpened(client), [setOpened])
  const others = data?.clients.filter((client) => !client.own).length ?? 0
  return (
    <PageBody>
      <PageHead
        title="Clients"
        meta={
          data ? (
            <>
              <span>
                {plural(others, cluster?.capabilities.connections === false ? 'group member' : 'connection')}
              </span>
              <Fidelity exact={data.precision === 'exact'} />
            </>
          ) : (
            <span>&nbsp;</span>
          )
        }
      />
      <div className="flex flex-wrap items-center gap-x-4 gap-y-2">
        <SearchInput
          label="Filter clients"
          value={filter}
          onChange={(text) => void setFilter(text || null)}
          className="w-80 max-md:w-full"
          aria-keyshortcuts="/"
        />
        <Checkbox checked={view.own} onChange={(own) => void setView({ own })}>
          The dashboard’s own
        </Checkbox>
      </div>
      {data ? (
        <ClientsTable
          rows={rows}
          sort={sort}
          onSort={(next) => void setView({ sort: next.column, descending: next.descending })}
          onOpen={open}
          empty={
            filter ? (
              <Empty title={`No client matches “${filter}”`} />
            ) : (
              <Empty title="No client is connected">
                Whatever connects to <code>{cluster?.bootstrapServers[0]}</code> appears here within a second:
                its software, its address, its requests.
              </Empty>
            )
          }
        />
      ) : (
        <div className="rounded-lg border border-line bg-panel">
          {error ? (
            <Failure title="The clients could not be read" error={error} onRetry={() => void refetch()} />
          ) : (
            <Loading lines={8} label="Loading clients" />
          )}
        </div>
      )}
      <LiveRegion text={`${plural(others, 'client')} connected`} />
      {opened !== null && (
        <ClientDialog cluster={id} clientKey={opened} onClose={() => void setOpened(null)} />
      )}
    </PageBody>
  )
}
