'use client'

import { SlidersHorizontal } from 'lucide-react'
import { type ReactNode, useId } from 'react'
import type { DecoderChoice } from '../../lib/contract/records.ts'
import { useTopicConsumers } from '../../lib/queries/topics.ts'
import { Button } from '../ui/button.tsx'
import { Checkbox } from '../ui/field.tsx'
import { Input, Select } from '../ui/input.tsx'
import { Menu, MenuSeparator } from '../ui/menu.tsx'
import { decoderChoices, type MessagesView, positions, type SetMessagesView } from './messages-view.ts'
import { PartitionPicker } from './partition-picker.tsx'

const positionNames: Record<(typeof positions)[number], string> = {
  newest: 'Newest first',
  oldest: 'Oldest first',
  offset: 'From offset',
  time: 'From time',
  group: 'From a group’s position',
}

const decoderNames: Record<(typeof decoderChoices)[number], string> = {
  auto: 'Detect',
  json: 'JSON',
  utf8: 'UTF-8',
  hex: 'Hex',
  msgpack: 'MessagePack',
  cbor: 'CBOR',
  xml: 'XML',
}

/** Where to begin reading, in which partitions, and how to read what is there. */
export function PositionBar({
  cluster,
  topic,
  partitions,
  view,
  setView,
}: {
  cluster: string
  topic: string
  partitions: readonly number[]
  view: MessagesView
  setView: SetMessagesView
}): ReactNode {
  return (
    <>
      <Select
        aria-label="Start position"
        className="!w-auto max-md:min-w-36 max-md:flex-1"
        value={view.position}
        disabled={view.tail}
        onChange={(event) => {
          const position = positions.find((name) => name === event.target.value) ?? 'newest'
          void setView({ position, time: position === 'time' ? (view.time ?? Date.now() - 3_600_000) : null })
        }}
      >
        {positions.map((position) => (
          <option key={position} value={position}>
            {positionNames[position]}
          </option>
        ))}
      </Select>
      {!view.tail && <PositionValue cluster={cluster} topic={topic} view={view} setView={setView} />}
      <PartitionPicker
        partitions={partitions}
        chosen={view.partitions}
        onChange={(chosen) => void setView({ partitions: chosen })}
      />
      <ReadingMenu view={view} setView={setView} />
    </>
  )
}

function PositionValue({
  cluster,
  topic,
  view,
  setView,
}: {
  cluster: string
  topic: string
  view: MessagesView
  setView: SetMessagesView
}): ReactNode {
  if (view.position === 'offset') {
    return (
      <Input
        type="number"
        min={0}
        aria-label="Offset"
        className="!w-32 font-mono"
        value={view.offset}
        onChange={(event) => void setView({ offset: Math.max(0, Math.trunc(Number(event.target.value))) })}
      />
    )
  }
  if (view.position === 'time') {
    return (
      <Input
        type="datetime-local"
        step={1}
        aria-label="Time"
        className="!w-52"
        value={localTime(view.time ?? Date.now())}
        onChange={(event) => {
          const time = new Date(event.target.value).getTime()
          if (Number.isFinite(time)) void setView({ time })
        }}
      />
    )
  }
  if (view.position === 'group') {
    return <GroupValue cluster={cluster} topic={topic} view={view} setView={setView} />
  }
  return null
}

/** `datetime-local` wants the reader's own time without a zone. */
function localTime(timestamp: number): string {
  const offsetMs = new Date(timestamp).getTimezoneOffset() * 60_000
  return new Date(timestamp - offsetMs).toISOString().slice(0, 19)
}

function GroupValue({
  cluster,
  topic,
  view,
  setView,
}: {
  cluster: string
  topic: string
  view: MessagesView
  setView: SetMessagesView
}): ReactNode {
  const consumers = useTopicConsumers(cluster, topic)
  const groups = consumers.data?.consumers ?? []
  return (
    <Select
      aria-label="Group"
      className="!w-auto max-w-64"
      value={view.group}
      onChange={(event) => void setView({ group: event.target.value })}
    >
      <option value="">{groups.length === 0 ? 'No group reads this topic' : 'Choose a group'}</option>
      {groups.map((group) => (
        <option key={group.groupId} value={group.groupId}>
          {group.groupId}
        </option>
      ))}
    </Select>
  )
}

function ReadingMenu({ view, setView }: { view: MessagesView; setView: SetMessagesView }): ReactNode {
  const changed = view.keyAs !== 'auto' || view.valueAs !== 'auto' || view.committed
  return (
    <Menu
      align="start"
      trigger={
        <Button>
          <SlidersHorizontal aria-hidden className="size-3.5 max-md:hidden" />
          Reading{changed ? ' ·' : ''}
        </Button>
      }
    >
      {/* Typing in a list would otherwise be taken for the menu's own type-ahead. */}
      <div
        role="none"
        className="flex w-60 flex-col gap-2 p-2"
        onKeyDown={(event) => event.key !== 'Escape' && event.stopPropagation()}
      >
        <DecoderSelect label="Keys as" value={view.keyAs} onChange={(keyAs) => void setView({ keyAs })} />
        <DecoderSelect
          label="Values as"
          value={view.valueAs}
          onChange={(valueAs) => void setView({ valueAs })}
        />
        <MenuSeparator />
        <Checkbox checked={view.committed} onChange={(committed) => void setView({ committed })}>
          Only committed records
        </Checkbox>
      </div>
    </Menu>
  )
}

function DecoderSelect({
  label,
  value,
  onChange,
}: {
  label: string
  value: DecoderChoice
  onChange: (value: DecoderChoice) => void
}): ReactNode {
  const id = useId()
  return (
    <label htmlFor={id} className="flex items-center justify-between gap-3 text-xs text-muted">
      {label}
      <Select
        id={id}
        className="!w-36"
        value={value}
        onChange={(event) => onChange(decoderChoices.find((name) => name === event.target.value) ?? 'auto')}
      >
        {decoderChoices.map((name) => (
          <option key={name} value={name}>
            {decoderNames[name]}
          </option>
        ))}
      </Select>
    </label>
  )
}
