'use client'

import clsx from 'clsx'
import { Radio } from 'lucide-react'
import { type ReactNode, useCallback, useMemo, useState } from 'react'
import type { KafkaRecord } from '../../lib/contract/records.ts'
import type { Partition } from '../../lib/contract/topics.ts'
import { Button } from '../ui/button.tsx'
import { ExportMenu } from './export-menu.tsx'
import { FilterBar } from './filter-bar.tsx'
import { type MessagesView, recordId, type SetMessagesView, useMessagesView } from './messages-view.ts'
import { PositionBar } from './position-bar.tsx'
import { ProduceDialog } from './produce-dialog.tsx'
import { RecordDetail } from './record-detail.tsx'
import { RecordList } from './record-list.tsx'
import { useNarrow } from './use-narrow.ts'
import { useShown } from './use-shown.tsx'

/** Browse, filter, follow and produce: where most time goes. `partitions` are the live ones of the topic. */
export function MessagesTab({
  cluster,
  topic,
  bootstrap,
  partitions,
}: {
  cluster: string
  topic: string
  /** Where a client connects, for the equivalent command line. */
  bootstrap: string
  partitions: readonly Partition[]
}): ReactNode {
  const [view, setView] = useMessagesView()
  const [opened, setOpened] = useState<KafkaRecord | null>(null)
  const [producing, setProducing] = useState<{ from: KafkaRecord | null } | null>(null)
  const numbers = useMemo(() => partitions.map((partition) => partition.partition), [partitions])
  const narrow = useNarrow()
  const shown = useShown(cluster, topic, view, partitions)
  const open = view.record === null ? null : recordToOpen(view.record, opened, shown.records)

  const openRecord = useCallback(
    (record: KafkaRecord) => {
      setOpened(record)
      void setView({ record: recordId(record) })
    },
    [setView],
  )

  return (
    <div className="flex h-[calc(100dvh-15rem)] min-h-[30rem] flex-col rounded-lg border border-line bg-panel">
      <Toolbar
        cluster={cluster}
        topic={topic}
        partitions={numbers}
        view={view}
        setView={setView}
        onProduce={() => setProducing({ from: null })}
      />
      {shown.status}
      <div
        className={clsx('flex min-h-0 flex-1', open && !narrow && 'grid grid-cols-[1fr_minmax(22rem,38%)]')}
      >
        {!(open && narrow) && (
          <div className="flex min-h-0 min-w-0 flex-1 flex-col">
            {shown.placeholder ?? (
              <RecordList
                records={shown.records}
                openId={view.record}
                onOpen={openRecord}
                onEnd={shown.onEnd}
                narrow={narrow}
                footer={shown.footer}
              />
            )}
          </div>
        )}
        {open && (
          <RecordDetail
            key={recordId(open)}
            cluster={cluster}
            topic={topic}
            record={open}
            decoders={{ keyDecoder: view.keyAs, valueDecoder: view.valueAs }}
            onClose={() => void setView({ record: null })}
            onProduceAgain={(from) => setProducing({ from })}
          />
        )}
      </div>
      {producing && (
        <ProduceDialog
          cluster={cluster}
          topic={topic}
          bootstrap={bootstrap}
          partitions={numbers}
          from={producing.from}
          onClose={() => setProducing(null)}
        />
      )}
    </div>
  )
}

/** What is read, and what can be done with it. */
function Toolbar({
  cluster,
  topic,
  partitions,
  view,
  setView,
  onProduce,
}: {
  cluster: string
  topic: string
  partitions: readonly number[]
  view: MessagesView
  setView: SetMessagesView
  onProduce: () => void
}): ReactNode {
  return (
    <div className="flex flex-wrap items-start gap-2 border-b border-line p-2">
      <Button
        aria-pressed={view.tail}
        className={clsx(view.tail && '!border-flow !bg-flow-wash')}
        onClick={() => void setView({ tail: !view.tail, record: null })}
      >
        <Radio aria-hidden className="size-3.5" />
        Live tail
      </Button>
      <PositionBar cluster={cluster} topic={topic} partitions={partitions} view={view} setView={setView} />
      <FilterBar view={view} setView={setView} />
      <div className="ml-auto flex gap-2 max-md:ml-0">
        <ExportMenu cluster={cluster} topic={topic} view={view} />
        <Button tone="primary" onClick={onProduce}>
          Produce
        </Button>
      </div>
    </div>
  )
}

function recordToOpen(
  id: string,
  opened: KafkaRecord | null,
  records: readonly KafkaRecord[],
): KafkaRecord | null {
  if (opened && recordId(opened) === id) return opened
  return records.find((record) => recordId(record) === id) ?? null
}
