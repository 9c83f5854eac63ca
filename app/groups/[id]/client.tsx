'use client'

import { EllipsisVertical, Eraser, Rewind, Trash2 } from 'lucide-react'
import dynamic from 'next/dynamic'
import { useRouter, useSearchParams } from 'next/navigation'
import { parseAsStringLiteral, useQueryState } from 'nuqs'
import { type ReactNode, useState } from 'react'
import { formatCount, plural } from '../../../components/format/count.ts'
import { formatDuration } from '../../../components/format/time.ts'
import { isBehind } from '../../../components/groups/behind.ts'
import { stateTone } from '../../../components/groups/state-tone.ts'
import { Trend } from '../../../components/groups/trend.tsx'
import { useCluster } from '../../../components/shell/use-cluster.ts'
import { Badge, Fidelity, StateDot } from '../../../components/ui/badge.tsx'
import { Button, IconButton } from '../../../components/ui/button.tsx'
import { ClusterLink, withCluster } from '../../../components/ui/cluster-link.tsx'
import { Stat, StatRow } from '../../../components/ui/figure.tsx'
import { LiveRegion } from '../../../components/ui/live-region.tsx'
import { Menu, MenuItem, MenuSeparator } from '../../../components/ui/menu.tsx'
import { Missing } from '../../../components/ui/missing.tsx'
import { PageBody, PageHead } from '../../../components/ui/panel.tsx'
import { Loading } from '../../../components/ui/states.tsx'
import { TabPanel, Tabs } from '../../../components/ui/tabs.tsx'
import type { Group, GroupHistory } from '../../../lib/contract/groups.ts'
import { useLive } from '../../../lib/live/provider.tsx'
import { useGroup } from '../../../lib/queries/groups.ts'

const loading = () => <Loading />
const LagTab = dynamic(
  () => import('../../../components/groups/lag-tab.tsx').then((module) => module.LagTab),
  {
    loading,
  },
)
const MembersTab = dynamic(
  () => import('../../../components/groups/members-tab.tsx').then((module) => module.MembersTab),
  { loading },
)
const RebalancesTab = dynamic(
  () => import('../../../components/groups/rebalances-tab.tsx').then((module) => module.RebalancesTab),
  { loading },
)
const ResetOffsetsDialog = dynamic(
  () =>
    import('../../../components/groups/reset-offsets-dialog.tsx').then((module) => module.ResetOffsetsDialog),
  { ssr: false },
)
const DeleteGroupDialog = dynamic(
  () =>
    import('../../../components/groups/delete-group-dialog.tsx').then((module) => module.DeleteGroupDialog),
  { ssr: false },
)
const DeleteOffsetsDialog = dynamic(
  () =>
    import('../../../components/groups/delete-group-dialog.tsx').then((module) => module.DeleteOffsetsDialog),
  { ssr: false },
)

const tabs = ['lag', 'members', 'rebalances'] as const

type Open = 'reset' | 'delete' | 'deleteOffsets' | null

function Stats({ group }: { group: Group }): ReactNode {
  return (
    <StatRow>
      <Stat
        label="Lag"
        value={formatCount(group.lag)}
        unit="records"
        tone={isBehind(group.lag, group.lagSeconds) ? 'warm' : 'plain'}
        note={<Trend perSecond={group.trend} />}
      />
      <Stat
        label="Behind by"
        value={group.lagSeconds === null ? '–' : formatDuration(group.lagSeconds * 1000)}
        tone={isBehind(group.lag, group.lagSeconds) ? 'warm' : 'plain'}
        note="age of the oldest unread record"
      />
      <Stat
        label="Members"
        value={formatCount(group.members.length)}
        note={group.protocol ? `assignor ${group.protocol}` : group.protocolType}
      />
      <Stat
        label="Partitions"
        value={formatCount(group.partitions.length)}
        note={plural(new Set(group.partitions.map((partition) => partition.topic)).size, 'topic')}
      />
      <Stat
        label={group.type === 'consumer' ? 'Group epoch' : 'Generation'}
        value={formatCount(group.epoch)}
        note={group.coordinator ? `coordinator: broker ${group.coordinator.nodeId}` : ''}
      />
    </StatRow>
  )
}

function Actions({ groupId, onOpen }: { groupId: string; onOpen: (open: Open) => void }): ReactNode {
  return (
    <>
      <Button onClick={() => onOpen('reset')}>
        <Rewind aria-hidden className="size-4" />
        Reset offsets
      </Button>
      <Menu
        trigger={
          <IconButton label={`Actions of ${groupId}`} tone="plain">
            <EllipsisVertical aria-hidden className="size-4" />
          </IconButton>
        }
      >
        <MenuItem onSelect={() => onOpen('deleteOffsets')}>
          <Eraser aria-hidden className="size-4" />
          Delete offsets…
        </MenuItem>
        <MenuSeparator />
        <MenuItem tone="danger" onSelect={() => onOpen('delete')}>
          <Trash2 aria-hidden className="size-4" />
          Delete group…
        </MenuItem>
      </Menu>
    </>
  )
}

function GroupView({
  cluster,
  group,
  history,
}: {
  cluster: string
  group: Group
  history: GroupHistory
}): ReactNode {
  const router = useRouter()
  const chosen = useSearchParams().get('cluster')
  const [tab, setTab] = useQueryState(
    'tab',
    parseAsStringLiteral(tabs).withDefault('lag').withOptions({ history: 'push' }),
  )
  const [open, setOpen] = useState<Open>(null)
  const close = () => setOpen(null)
  return (
    <PageBody>
      <PageHead
        above={
          <ClusterLink href="/groups" className="hover:text-text hover:underline">
            Groups
          </ClusterLink>
        }
        title={group.groupId}
        meta={
          <>
            <StateDot tone={stateTone(group.state)}>{group.state}</StateDot>
            <Badge title="Group protocol">{group.type}</Badge>
            <Fidelity exact={group.precision === 'exact'} />
          </>
        }
        actions={<Actions groupId={group.groupId} onOpen={setOpen} />}
      />
      <Stats group={group} />
      <Tabs
        label={`Views of ${group.groupId}`}
        value={tab}
        items={[
          { value: 'lag', label: 'Lag' },
          { value: 'members', label: 'Members', count: group.members.length },
          { value: 'rebalances', label: 'Rebalances' },
        ]}
        onChange={(value) => void setTab(value)}
      />
      <TabPanel value={tab}>
        {tab === 'lag' && <LagTab group={group} history={history} />}
        {tab === 'members' && <MembersTab group={group} />}
        {tab === 'rebalances' && <RebalancesTab cluster={cluster} group={group.groupId} />}
      </TabPanel>
      <LiveRegion text={`${group.groupId} is ${group.state}, lag ${formatCount(group.lag)} records`} />
      {open === 'reset' && <ResetOffsetsDialog cluster={cluster} group={group} onClose={close} />}
      {open === 'deleteOffsets' && <DeleteOffsetsDialog cluster={cluster} group={group} onClose={close} />}
      {open === 'delete' && (
        <DeleteGroupDialog
          cluster={cluster}
          group={group}
          onClose={close}
          onDeleted={() => router.push(withCluster('/groups', chosen))}
        />
      )}
    </PageBody>
  )
}

export function GroupClient({ groupId }: { groupId: string }): ReactNode {
  const { id } = useCluster()
  useLive({ channel: 'group', cluster: id, group: groupId })
  const { data, error, refetch } = useGroup(id, groupId)
  if (!data)
    return (
      <PageBody>
        <Missing
          kind="group"
          name={groupId}
          why="It may have been deleted, or its offsets have expired."
          error={error}
          onRetry={() => void refetch()}
        />
      </PageBody>
    )
  return <GroupView cluster={id} group={data.group} history={data.history} />
}
