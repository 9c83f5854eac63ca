'use client'

import { Plus } from 'lucide-react'
import dynamic from 'next/dynamic'
import { parseAsBoolean, useQueryState } from 'nuqs'
import { type ReactNode, useMemo, useState } from 'react'
import { formatCount, formatRate, plural } from '../../components/format/count.ts'
import { useCluster } from '../../components/shell/use-cluster.ts'
import { topicRows } from '../../components/topics/topic-rows.ts'
import { type TopicActions, TopicsTable } from '../../components/topics/topics-table.tsx'
import { Fidelity } from '../../components/ui/badge.tsx'
import { Button } from '../../components/ui/button.tsx'
import { Checkbox } from '../../components/ui/field.tsx'
import { SearchInput } from '../../components/ui/input.tsx'
import { PageBody, PageHead, Panel } from '../../components/ui/panel.tsx'
import { Empty, Pending } from '../../components/ui/states.tsx'
import { useListView } from '../../components/ui/use-list-view.ts'
import type { TopicColumns } from '../../lib/contract/topics.ts'
import { useLive } from '../../lib/live/provider.tsx'
import { useTopics } from '../../lib/queries/topics.ts'

const CreateTopicDialog = dynamic(
  () => import('../../components/topics/create-topic-dialog.tsx').then((module) => module.CreateTopicDialog),
  { ssr: false },
)
const CloneTopicDialog = dynamic(
  () => import('../../components/topics/clone-topic-dialog.tsx').then((module) => module.CloneTopicDialog),
  { ssr: false },
)
const DeleteTopicsDialog = dynamic(
  () =>
    import('../../components/topics/delete-topics-dialog.tsx').then((module) => module.DeleteTopicsDialog),
  { ssr: false },
)

type Opened =
  | { dialog: 'clone'; topic: string }
  | { dialog: 'delete'; topics: string[]; records: number | null; groups: number }

export function TopicsClient(): ReactNode {
  const { id } = useCluster()
  const { filter, setFilter, sort, setSort } = useListView({ column: 'name', descending: false })
  const [internal, setInternal] = useQueryState('internal', parseAsBoolean.withDefault(false))
  const [creating, setCreating] = useQueryState('create', parseAsBoolean.withDefault(false))
  const [opened, setOpened] = useState<Opened | null>(null)
  useLive({ channel: 'topics', cluster: id })
  const { data, error, refetch } = useTopics(id, internal)
  const topics = data?.topics
  const rows = useMemo(() => (topics ? topicRows(topics, filter, sort) : []), [topics, filter, sort])
  const actions = useMemo(() => (topics ? actionsOf(topics, setOpened) : null), [topics])
  const create = () => void setCreating(true)
  return (
    <PageBody>
      <PageHead
        title="Topics"
        meta={topics ? <Totals topics={topics} exact={data.precision === 'exact'} /> : <span>&nbsp;</span>}
        actions={
          <Button tone="primary" onClick={create}>
            <Plus aria-hidden className="size-4" />
            Create topic
          </Button>
        }
      />
      <div className="flex flex-wrap items-center gap-x-4 gap-y-2">
        <SearchInput
          label="Filter topics"
          value={filter}
          onChange={setFilter}
          className="w-80 max-md:w-full"
          aria-keyshortcuts="/"
        />
        <Checkbox checked={internal} onChange={(chosen) => void setInternal(chosen)}>
          Kafka’s own topics
        </Checkbox>
        <p role="status" className="ml-auto text-xs text-faint">
          {topics && filter ? `${formatCount(rows.length)} of ${formatCount(topics.name.length)}` : ''}
        </p>
      </div>
      {topics && actions ? (
        <TopicsTable
          topics={topics}
          rows={rows}
          sort={sort}
          onSort={setSort}
          actions={actions}
          empty={<NoTopic filter={filter} onShowAll={() => setFilter('')} onCreate={create} />}
        />
      ) : (
        <Panel flush>
          <Pending what="topics" error={error} onRetry={() => void refetch()} lines={10} />
        </Panel>
      )}
      {creating && <CreateTopicDialog cluster={id} onClose={() => setCreating(null)} />}
      {opened && <OpenedDialog cluster={id} opened={opened} onClose={() => setOpened(null)} />}
    </PageBody>
  )
}

function actionsOf(topics: TopicColumns, open: (opened: Opened) => void): TopicActions {
  return {
    clone: (topic) => open({ dialog: 'clone', topic }),
    remove: (row) =>
      open({
        dialog: 'delete',
        topics: [topics.name[row]!],
        records: topics.records[row] ?? null,
        groups: topics.groups[row] ?? 0,
      }),
  }
}

function Totals({ topics, exact }: { topics: TopicColumns; exact: boolean }): ReactNode {
  const partitions = topics.partitions.reduce((sum, count) => sum + count, 0)
  const rate = topics.recordsPerSecond.reduce((sum, perSecond) => sum + perSecond, 0)
  return (
    <>
      <span>{plural(topics.name.length, 'topic')}</span>
      <span>{plural(partitions, 'partition')}</span>
      <span>{formatRate(rate)} records/s in</span>
      <Fidelity exact={exact && topics.precision.every((each) => each === 'exact')} />
    </>
  )
}

/** In the place of rows: what was looked for, or how the first topic comes to be. */
function NoTopic({
  filter,
  onShowAll,
  onCreate,
}: {
  filter: string
  onShowAll: () => void
  onCreate: () => void
}): ReactNode {
  if (filter)
    return (
      <Empty
        title={`No topic is called “${filter}”`}
        action={<Button onClick={onShowAll}>Show all topics</Button>}
      />
    )
  return (
    <Empty
      title="No topic yet"
      action={
        <Button tone="primary" onClick={onCreate}>
          Create topic
        </Button>
      }
    >
      A topic is a named log of records, split into partitions. Create one here, or let a client create it by
      using it.
    </Empty>
  )
}

function OpenedDialog({
  cluster,
  opened,
  onClose,
}: {
  cluster: string
  opened: Opened
  onClose: () => void
}): ReactNode {
  switch (opened.dialog) {
    case 'clone':
      return <CloneTopicDialog cluster={cluster} topic={opened.topic} onClose={onClose} />
    case 'delete':
      return (
        <DeleteTopicsDialog
          cluster={cluster}
          topics={opened.topics}
          records={opened.records}
          groups={opened.groups}
          onClose={onClose}
          onDeleted={onClose}
        />
      )
  }
}
