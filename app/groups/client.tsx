'use client'

import type { ReactNode } from 'react'
import { formatCount, plural } from '../../components/format/count.ts'
import { isBehind } from '../../components/groups/behind.ts'
import { GroupsTable } from '../../components/groups/groups-table.tsx'
import { useCluster } from '../../components/shell/use-cluster.ts'
import { Fidelity } from '../../components/ui/badge.tsx'
import { SearchInput } from '../../components/ui/input.tsx'
import { LiveRegion } from '../../components/ui/live-region.tsx'
import { PageBody, PageHead, Panel } from '../../components/ui/panel.tsx'
import { Empty, Pending } from '../../components/ui/states.tsx'
import { useListView } from '../../components/ui/use-list-view.ts'
import { useLive } from '../../lib/live/provider.tsx'
import { useGroups } from '../../lib/queries/groups.ts'

export function GroupsClient(): ReactNode {
  const { id } = useCluster()
  const { filter, setFilter, sort, setSort } = useListView({ column: 'lag', descending: true })
  useLive({ channel: 'groups', cluster: id })
  const { data, error, refetch } = useGroups(id)
  const lag = data?.groups.reduce((sum, group) => sum + (group.lag ?? 0), 0) ?? 0
  return (
    <PageBody>
      <PageHead
        title="Groups"
        meta={
          data ? (
            <>
              <span>{plural(data.groups.length, 'group')}</span>
              <span>
                {plural(
                  data.groups.reduce((sum, group) => sum + group.members, 0),
                  'member',
                )}
              </span>
              <span
                className={
                  data.groups.some((group) => isBehind(group.lag, group.lagSeconds)) ? 'text-warm' : ''
                }
              >
                lag {formatCount(lag)}
              </span>
              <Fidelity exact={[data, ...data.groups].every(({ precision }) => precision === 'exact')} />
            </>
          ) : (
            <span>&nbsp;</span>
          )
        }
      />
      <SearchInput
        label="Filter groups"
        value={filter}
        onChange={setFilter}
        className="w-80 max-md:w-full"
        aria-keyshortcuts="/"
      />
      {data ? (
        <GroupsTable
          groups={data.groups}
          filter={filter}
          sort={sort}
          onSort={setSort}
          empty={
            filter ? (
              <Empty title={`No group matches “${filter}”`} />
            ) : (
              <Empty title="No consumer group yet">
                A group appears when a consumer with a group.id joins, and stays while it has committed
                offsets.
              </Empty>
            )
          }
        />
      ) : (
        <Panel flush>
          <Pending what="groups" error={error} onRetry={() => void refetch()} lines={8} />
        </Panel>
      )}
      <LiveRegion text={`Lag of all groups ${formatCount(lag)} records`} />
    </PageBody>
  )
}
