'use client'

import dynamic from 'next/dynamic'
import { parseAsBoolean, parseAsString, useQueryState } from 'nuqs'
import { type ReactNode, useCallback, useMemo } from 'react'
import { clientRows } from '../../components/clients/client-rows.ts'
import { ClientsTable } from '../../components/clients/clients-table.tsx'
import { plural } from '../../components/format/count.ts'
import { useCluster } from '../../components/shell/use-cluster.ts'
import { Fidelity } from '../../components/ui/badge.tsx'
import { Checkbox } from '../../components/ui/field.tsx'
import { SearchInput } from '../../components/ui/input.tsx'
import { LiveRegion } from '../../components/ui/live-region.tsx'
import { PageBody, PageHead, Panel } from '../../components/ui/panel.tsx'
import { Empty, Pending } from '../../components/ui/states.tsx'
import { useListView } from '../../components/ui/use-list-view.ts'
import { useLive } from '../../lib/live/provider.tsx'
import { useClients } from '../../lib/queries/clients.ts'

const ClientDialog = dynamic(
  () => import('../../components/clients/client-dialog.tsx').then((module) => module.ClientDialog),
  { ssr: false },
)

export function ClientsClient(): ReactNode {
  const { id, cluster } = useCluster()
  const { filter, setFilter, sort, setSort } = useListView({ column: 'rate', descending: true })
  const [own, setOwn] = useQueryState('own', parseAsBoolean.withDefault(false))
  const [opened, setOpened] = useQueryState('client', parseAsString.withOptions({ history: 'push' }))
  useLive({ channel: 'clients', cluster: id })
  const { data, error, refetch } = useClients(id)
  const rows = useMemo(
    () => (data ? clientRows(data.clients, filter, own, sort) : []),
    [data, filter, own, sort],
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
          onChange={setFilter}
          className="w-80 max-md:w-full"
          aria-keyshortcuts="/"
        />
        <Checkbox checked={own} onChange={(chosen) => void setOwn(chosen)}>
          The dashboard’s own
        </Checkbox>
      </div>
      {data ? (
        <ClientsTable
          rows={rows}
          sort={sort}
          onSort={setSort}
          onOpen={open}
          empty={filter ? <Empty title={`No client matches “${filter}”`} /> : <NoClient />}
        />
      ) : (
        <Panel flush>
          <Pending what="clients" error={error} onRetry={() => void refetch()} lines={8} />
        </Panel>
      )}
      <LiveRegion text={`${plural(others, 'client')} connected`} />
      {opened !== null && (
        <ClientDialog cluster={id} clientKey={opened} onClose={() => void setOpened(null)} />
      )}
    </PageBody>
  )
}

function NoClient(): ReactNode {
  const { cluster } = useCluster()
  if (cluster?.capabilities.connections === false)
    return (
      <Empty title="No group has a member">
        Kafka’s protocol tells of a cluster’s clients only while they are members of a group.
      </Empty>
    )
  return (
    <Empty title="No client is connected">
      Whatever connects to <code>{cluster?.bootstrapServers[0]}</code> appears here within a second: its
      software, its address, its requests.
    </Empty>
  )
}
