'use client'

import { Command } from 'cmdk'
import { CornerDownLeft } from 'lucide-react'
import { type ReactNode, useEffect, useRef, useState } from 'react'
import { plural } from '../format/count.ts'
import { type PaletteEntry, type PaletteSection, usePaletteSections } from './palette-sections.ts'

/** Finds topics, groups, brokers, pages and actions. Opened with Ctrl/Cmd-K. */
export function CommandPalette({ onClose }: { onClose: () => void }): ReactNode {
  const ref = useRef<HTMLDialogElement>(null)
  const [typed, setTyped] = useState('')
  const [selected, setSelected] = useState('')
  const sections = usePaletteSections(typed, onClose)
  const count = sections.reduce((sum, section) => sum + section.entries.length, 0)
  const first = sections[0]?.entries[0]?.id ?? ''
  // The best match is what Enter takes, also when names arrive after the first key.
  useEffect(() => setSelected(first), [first])
  useEffect(() => {
    const dialog = ref.current
    if (dialog && !dialog.open) dialog.showModal()
    dialog?.querySelector('input')?.focus()
    return () => dialog?.close()
  }, [])
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the click only closes on the backdrop; Escape is the keyboard's way
    <dialog
      ref={ref}
      aria-label="Go to"
      onCancel={(event) => {
        event.preventDefault()
        onClose()
      }}
      onClick={(event) => {
        if (event.target === ref.current) onClose()
      }}
      className="mt-[12dvh] w-[calc(100vw-2rem)] max-w-xl animate-[arrive_120ms] rounded-lg border border-line bg-raised p-0 shadow-lift max-md:mt-2"
    >
      <Command shouldFilter={false} loop label="Go to" value={selected} onValueChange={setSelected}>
        <Command.Input
          value={typed}
          onValueChange={setTyped}
          placeholder="Topic, group, broker, page or action"
          className="h-12 w-full border-b border-line bg-transparent px-4 text-base outline-none"
        />
        <Command.List className="max-h-[min(26rem,70dvh)] overflow-y-auto p-1.5" aria-label="Results">
          {count === 0 && (
            <div role="presentation" className="px-3 py-8 text-center text-sm text-muted">
              Nothing is called “{typed}”.
            </div>
          )}
          {sections.map((section) => (
            <Section key={section.heading} section={section} />
          ))}
        </Command.List>
      </Command>
      <p role="status" className="sr-only">
        {plural(count, 'result')}
      </p>
    </dialog>
  )
}

function Section({ section }: { section: PaletteSection }): ReactNode {
  return (
    <Command.Group
      heading={section.heading}
      className="[&_[cmdk-group-heading]]:px-2.5 [&_[cmdk-group-heading]]:pt-2 [&_[cmdk-group-heading]]:pb-1 [&_[cmdk-group-heading]]:text-2xs [&_[cmdk-group-heading]]:font-medium [&_[cmdk-group-heading]]:text-faint"
    >
      {section.entries.map((entry) => (
        <Item key={entry.id} entry={entry} />
      ))}
    </Command.Group>
  )
}

function Item({ entry }: { entry: PaletteEntry }): ReactNode {
  return (
    <Command.Item
      value={entry.id}
      onSelect={entry.run}
      className="group flex h-9 cursor-pointer items-center gap-2.5 rounded-md px-2.5 text-sm data-[selected=true]:bg-hover max-md:h-11"
    >
      <entry.icon aria-hidden className="size-4 shrink-0 text-faint" strokeWidth={1.75} />
      <span className="min-w-0 flex-1 truncate">{entry.text}</span>
      {entry.note && <span className="font-mono text-2xs text-faint">{entry.note}</span>}
      <CornerDownLeft
        aria-hidden
        className="invisible size-3.5 text-faint group-data-[selected=true]:visible"
      />
    </Command.Item>
  )
}
