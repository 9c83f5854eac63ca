'use client'

import { Copy, EllipsisVertical, Trash2 } from 'lucide-react'
import dynamic from 'next/dynamic'
import { useRouter, useSearchParams } from 'next/navigation'
import { parseAsStringLiteral, useQueryState } from 'nuqs'
import { type ReactNode, useState } from 'react'
import { formatBytes } from '../../../components/format/bytes.ts'
import { formatCount, formatRate, plural } from '../../../components/format/count.ts'
import { useCluster } from '../../../components/shell/use-cluster.ts'
import { Badge, Fidelity } from '../../../components/ui/badge.tsx'
import { IconButton } from '../../../components/ui/button.tsx'
import { ClusterLink, withCluster } from '../../../components/ui/cluster-link.tsx'
import { CopyButton } from '../../../components/ui/copy-button.tsx'
import { Menu, MenuItem, MenuSeparator } from '../../../components/ui/menu.tsx'
import { Missing } from '../../../components/ui/missing.tsx'
import { PageBody, PageHead } from '../../../components/ui/panel.tsx'
import { Loading } from '../../../components/ui/states.tsx'
import { TabPanel, Tabs } from '../../../components/ui/tabs.tsx'
import { CallError } from '../../../lib/contract/call.ts'
import type { Topic } from '../../../lib/contract/topics.ts'
import { useLive } from '../../../lib/live/provider.tsx'
import { useTopic } from '../../../lib/queries/topics.ts'

const loading = () => <Loading />
const MessagesTab = dynamic(
  () => import('../../../components/messages/messages-tab.tsx').then((module) => module.MessagesTab),
  { loading },
)
const PartitionsTab = dynamic(
  () => import('../../../components/topics/partitions-tab.tsx').then((module) => module.PartitionsTab),
  { loading },
)
const ConsumersTab = dynamic(
  () => import('../../../components/topics/consumers-tab.tsx').then((module) => module.ConsumersTab),
  { loading },
)
const ProducersTab = dynamic(
  () => import('../../../components/topics/producers-tab.tsx').then((module) => module.ProducersTab),
  { loading },
)
const ConfigTab = dynamic(
  () => import('../../../components/configs/config-tab.tsx').then((module) => module.TopicConfigTab),
  { loading },
)
const StorageTab = dynamic(
  () => import('../../../components/topics/storage-tab.tsx').then((module) => module.StorageTab),
  { loading },
)
const CloneTopicDialog = dynamic(
  () => import('../../../components/topics/clone-topic-dialog.tsx').then((module) => module.CloneTopicDialog),
  { ssr: false },
)
const DeleteTopicsDialog = dynamic(
  () =>
    import('../../../components/topics/delete-topics-dialog.tsx').then((module) => module.DeleteTopicsDialog),
  { ssr: false },
)

const tabs = ['messages', 'partitions', 'consumers', 'producers', 'config', 'storage'] as const
type Tab = (typeof tabs)[number]
const tabLabels: Record<Tab, string> = {
  messages: 'Messages',
  partitions: 'Partitions',
  consumers: 'Consumers',
  producers: 'Producers',
  config: 'Config',
  storage: 'Storage',
}

function Meta({ topic }: { topic: Topic }): ReactNode {
  return (
    <>
      {topic.internal && <Badge>internal</Badge>}
      <span className="tabular-nums">
        <span className="font-medium text-text">{formatCount(topic.records)}</span> records
      </span>
      <span className="tabular-nums">
        <span className="font-medium text-text">{formatRate(topic.recordsPerSecond)}</span>/s in
      </span>
      {topic.sizeBytes !== null && <span className="tabular-nums">{formatBytes(topic.sizeBytes)}</span>}
      <span>{plural(topic.partitions.length, 'partition')}</span>
      <Fidelity exact={topic.precision === 'exact'} />
      {topic.topicId && (
        <span className="inline-flex items-center max-md:hidden">
          <code className="text-2xs text-faint" title="Topic id">
            {topic.topicId}
          </code>
          <CopyButton text={topic.topicId} label="Copy topic id" />
        </span>
      )}
    </>
  )
}

function Actions({
  onClone,
  onDelete,
  topic,
}: {
  onClone: () => void
  onDelete: () => void
  topic: Topic
}): ReactNode {
  return (
    <Menu
      trigger={
        <IconButton label={`Actions of ${topic.name}`} tone="plain">
          <EllipsisVertical aria-hidden className="size-4" />
        </IconButton>
      }
    >
      <MenuItem onSelect={onClone}>
        <Copy aria-hidden className="size-4" />
        Clone…
      </MenuItem>
      <MenuSeparator />
      <MenuItem tone="danger" disabled={topic.internal} onSelect={onDelete}>
        <Trash2 aria-hidden className="size-4" />
        Delete topic…
      </MenuItem>
    </Menu>
  )
}

function Panels({
  cluster,
  tab,
  topic,
  bootstrap,
}: {
  cluster: string
  tab: Tab
  topic: Topic
  bootstrap: string
}): ReactNode {
  switch (tab) {
    case 'messages':
      return (
        <MessagesTab
          cluster={cluster}
          topic={topic.name}
          bootstrap={bootstrap}
          partitions={topic.partitions}
        />
      )
    case 'partitions':
      return <PartitionsTab cluster={cluster} topic={topic} />
    case 'consumers':
      return <ConsumersTab cluster={cluster} topic={topic.name} />
    case 'producers':
      return <ProducersTab cluster={cluster} topic={topic.name} />
    case 'config':
      return <ConfigTab cluster={cluster} topic={topic.name} />
    case 'storage':
      return <StorageTab cluster={cluster} topic={topic.name} />
  }
}

export function TopicClient({ name }: { name: string }): ReactNode {
  const { id, cluster } = useCluster()
  const router = useRouter()
  const chosen = useSearchParams().get('cluster')
  const [tab, setTab] = useQueryState(
    'tab',
    parseAsStringLiteral(tabs).withDefault('messages').withOptions({ history: 'push' }),
  )
  const [open, setOpen] = useState<'clone' | 'delete' | null>(null)
  useLive({ channel: 'topic', cluster: id, topic: name })
  const { data, error, refetch } = useTopic(id, name)
  if (!data || (error instanceof CallError && error.status === 404 && open !== 'delete'))
    return (
      <PageBody>
        <Missing
          kind="topic"
          name={name}
          why="It may have been deleted, or is on another cluster."
          error={error}
          onRetry={() => void refetch()}
        />
      </PageBody>
    )
  const { topic } = data
  return (
    <PageBody>
      <PageHead
        above={
          <ClusterLink href="/topics" className="hover:text-text hover:underline">
            Topics
          </ClusterLink>
        }
        title={name}
        meta={<Meta topic={topic} />}
        actions={
          <Actions topic={topic} onClone={() => setOpen('clone')} onDelete={() => setOpen('delete')} />
        }
      />
      <Tabs
        label={`Views of ${name}`}
        value={tab}
        items={tabs.map((value) => ({ value, label: tabLabels[value] }))}
        onChange={(value) => void setTab(value)}
      />
      <TabPanel value={tab}>
        <Panels cluster={id} tab={tab} topic={topic} bootstrap={cluster?.bootstrapServers.join(',') ?? ''} />
      </TabPanel>
      {open === 'clone' && <CloneTopicDialog cluster={id} topic={name} onClose={() => setOpen(null)} />}
      {open === 'delete' && (
        <DeleteTopicsDialog
          cluster={id}
          topics={[name]}
          records={topic.records}
          groups={null}
          onClose={() => setOpen(null)}
          onDeleted={() => router.push(withCluster('/topics', chosen))}
        />
      )}
    </PageBody>
  )
}
