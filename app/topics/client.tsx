'use client'

import { Plus } from 'lucide-react'
import dynamic from 'next/dynamic'
import { parseAsBoolean, parseAsString, useQueryState, useQueryStates } from 'nuqs'
import { type ReactNode, useMemo, useState } from 'react'
import { formatCount, formatRate, plural } from '../../components/format/count.ts'
import { useCluster } from '../../components/shell/use-cluster.ts'
import { topicRows } from '../../components/topics/topic-rows.ts'
import { type TopicActions, TopicsTable } from '../../components/topics/topics-table.tsx'
import { Fidelity } from '../../components/ui/badge.tsx'
import { Button } from '../../components/ui/button.tsx'
import { Checkbox } from '../../components/ui/field.tsx'
import { SearchInput } from '../../components/ui/input.tsx'
import { PageBody, PageHead } from '../../components/ui/panel.tsx'
import { Empty, Failure, Loading } from '../../components/ui/states.tsx'
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

type Doomed = { topics: string[]; records: number | null; groups: number }

function useView() {
  const [filter, setFilter] = useQueryState(
    'filter',
    parseAsString.withDefault('').withOptions({ throttleMs: 300 }),
  )
  const [view, setView] = useQueryStates({
    internal: parseAsBoolean.withDefault(false),
    sort: parseAsString.withDefault('name'),
    descending: parseAsBoolean.withDefault(false),
    create: parseAsBoolean.withDefault(false),
  })
  return { filter, setFilter, view, setView }
}

function Total({ topics }: { topics: TopicColumns }): ReactNode {
  const partitions = topics.partitions.reduce((sum, count) => sum + count, 0)
  const rate = topics.recordsPerSecond.reduce((sum, perSecond) => sum + perSecond, 0)
  return (
    <>
      <span>{plural(topics.name.length, 'topic')}</span>
      <span>{plural(partitions, 'partition')}</span>
      <span>{formatRate(rate)} records/s in</span>
    </>
  )
}

export function TopicsClient(): ReactNode {
  const { id } = useCluster()
  const { filter, setFilter, view, setView } = useView()
  const [cloning, setCloning] = useState<string | null>(null)
  const [doomed, setDoomed] = useState<Doomed | null>(null)
  useLive({ channel: 'topics', cluster: id })
  const { data, error, refetch } = useTopics(id, view.internal)
  const topics = data?.topics
  const sort = useMemo(
    () => ({ column: view.sort, descending: view.descending }),
    [view.sort, view.descending],
  )
  const rows = useMemo(() => (topics ? topicRows(topics, filter, sort) : []), [topics, filter, sort])
  const actions: TopicActions = useMemo(
    () => ({
      clone: setCloning,
      remove: (row) => {
        if (topics)
          setDoomed({
            topics: [topics.name[row]!],
            records: topics.records[row] ?? null,
            groups: topics.groups[row] ?? 0,
          })
      },
    }),
    [topics],
  )
  return (
    <PageBody>
      <PageHead
        title="Topics"
        meta={
          topics ? (
            <>
              <Total topics={topics} />
              <Fidelity exact={[data.precision, ...topics.precision].every((each) => each === 'exact')} />
            </>
          ) : (
            <span>&nbsp;</span>
          )
        }
        actions={
          <Button tone="primary" onClick={() => void setView({ create: true })}>
            <Plus aria-hidden className="size-4" />
            Create topic
          </Button>
        }
      />
      <div className="flex flex-wrap items-center gap-x-4 gap-y-2">
        <SearchInput
          label="Filter topics"
          value={filter}
          onChange={(text) => void setFilter(text || null)}
          className="w-80 max-md:w-full"
          aria-keyshortcuts="/"
        />
        <Checkbox checked={view.internal} onChange={(internal) => void setView({ internal })}>
          Kafka’s own topics
        </Checkbox>
        <p role="status" className="ml-auto text-xs text-faint">
          {topics && filter ? `${formatCount(rows.length)} of ${formatCount(topics.name.length)}` : ''}
        </p>
      </div>
      {topics ? (
        <TopicsTable
          topics={topics}
          rows={rows}
          sort={sort}
          onSort={(next) => void setView({ sort: next.column, descending: next.descending })}
          actions={actions}
          empty={
            filter ? (
              <Empty
                title={`No topic is called “${filter}”`}
                action={<Button onClick={() => void setFilter(null)}>Show all topics</Button>}
              />
            ) : (
              <Empty
                title="No topic yet"
                action={
                  <Button tone="primary" onClick={() => void setView({ create: true })}>
                    Create topic
                  </Button>
                }
              >
                A topic is a named log of records, split into partitions. Create one here, or let a client
                create it by using it.
              </Empty>
            )
          }
        />
      ) : (
        <div className="rounded-lg border border-line bg-panel">
          {error ? (
            <Failure title="The topics could not be read" error={error} onRetry={() => void refetch()} />
          ) : (
            <Loading lines={10} label="Loading topics" />
          )}
        </div>
      )}
      {view.create && <CreateTopicDialog cluster={id} onClose={() => setView({ create: null })} />}
      {cloning !== null && <CloneTopicDialog cluster={id} topic={cloning} onClose={() => setCloning(null)} />}
      {doomed && (
        <DeleteTopicsDialog
          cluster={id}
          {...doomed}
          onClose={() => setDoomed(null)}
          onDeleted={() => setDoomed(null)}
        />
      )}
    </PageBody>
  )
}
