'use client'

import { RotateCcw } from 'lucide-react'
import { type ReactNode, useMemo, useState } from 'react'
import type { ConfigEntry } from '../../lib/contract/configs.ts'
import type { ConfigChanges } from '../../lib/queries/configs.ts'
import { Badge } from '../ui/badge.tsx'
import { Button } from '../ui/button.tsx'
import { CommandLine } from '../ui/code-snippet.tsx'
import { Checkbox } from '../ui/field.tsx'
import { Input, SearchInput, Select } from '../ui/input.tsx'
import { Panel } from '../ui/panel.tsx'
import { Empty } from '../ui/states.tsx'
import { readable } from './readable.ts'

export type ConfigChange = {
  commandLine: (changes: ConfigChanges) => string
  apply: (changes: ConfigChanges, done: { onSuccess: () => void }) => void
  busy: boolean
  error: string | undefined
  clearError: () => void
}

function Value({ entry }: { entry: ConfigEntry }): ReactNode {
  if (entry.sensitive) return <span className="text-faint">hidden</span>
  const words = readable(entry.name, entry.value)
  return (
    <span className="flex min-w-0 flex-col md:items-end">
      <code className="max-w-full text-xs break-all">
        {entry.value === '' ? '""' : (entry.value ?? 'null')}
      </code>
      {words && <span className="text-xs text-faint">{words}</span>}
    </span>
  )
}

function Editor({
  entry,
  change,
  onClose,
}: {
  entry: ConfigEntry
  change: ConfigChange
  onClose: () => void
}): ReactNode {
  const [value, setValue] = useState(entry.value ?? '')
  const words = readable(entry.name, value)
  return (
    <form
      className="flex flex-col gap-2.5 pt-2"
      onSubmit={(event) => {
        event.preventDefault()
        change.apply({ [entry.name]: value }, { onSuccess: onClose })
      }}
      onKeyDown={(event) => {
        if (event.key === 'Escape') onClose()
      }}
    >
      <div className="flex flex-wrap items-center gap-2">
        {entry.type === 'BOOLEAN' ? (
          <Select
            aria-label={entry.name}
            autoFocus
            className="!w-32"
            value={value}
            onChange={(event) => setValue(event.target.value)}
          >
            <option value="true">true</option>
            <option value="false">false</option>
          </Select>
        ) : (
          <Input
            aria-label={entry.name}
            aria-invalid={change.error ? true : undefined}
            autoFocus
            className="!w-80 max-w-full font-mono text-xs"
            value={value}
            onChange={(event) => setValue(event.target.value)}
          />
        )}
        <Button
          tone="primary"
          type="submit"
          busy={change.busy}
          disabled={value === entry.value && entry.isSet}
        >
          Set
        </Button>
        <Button onClick={onClose}>Cancel</Button>
        {words && <span className="text-xs text-faint">{words}</span>}
      </div>
      {change.error && (
        <p role="alert" className="text-sm text-loss">
          {change.error}
        </p>
      )}
      <CommandLine command={change.commandLine({ [entry.name]: value })} />
    </form>
  )
}

function Entry({
  entry,
  change,
  editing,
  onEdit,
}: {
  entry: ConfigEntry
  change: ConfigChange
  editing: boolean
  onEdit: (name: string | null) => void
}): ReactNode {
  return (
    <li className="px-4 py-2.5">
      <div className="grid gap-x-4 gap-y-1 md:grid-cols-[minmax(0,1fr)_minmax(0,18rem)_9.5rem]">
        <div className="min-w-0">
          <div className="flex flex-wrap items-center gap-2">
            <code className="text-xs font-medium break-all">{entry.name}</code>
            {entry.isSet && <Badge tone="flow">set here</Badge>}
            {entry.readOnly && <Badge>read-only</Badge>}
          </div>
          {entry.documentation && (
            <p className="mt-0.5 max-w-prose text-xs text-muted">{entry.documentation}</p>
          )}
          {entry.isSet && entry.defaultValue !== null && (
            <p className="mt-0.5 text-xs text-faint">
              Default <code>{entry.defaultValue === '' ? '""' : entry.defaultValue}</code>
            </p>
          )}
        </div>
        <Value entry={entry} />
        <div className="flex items-start gap-1 md:justify-end">
          {!entry.readOnly && !editing && (
            <Button size="sm" aria-label={`Edit ${entry.name}`} onClick={() => onEdit(entry.name)}>
              Edit
            </Button>
          )}
          {entry.isSet && !entry.readOnly && !editing && (
            <Button
              size="sm"
              tone="quiet"
              aria-label={`Reset ${entry.name}`}
              title={change.commandLine({ [entry.name]: null })}
              busy={change.busy}
              onClick={() => change.apply({ [entry.name]: null }, { onSuccess: () => {} })}
            >
              <RotateCcw aria-hidden className="size-3" />
              Reset
            </Button>
          )}
        </div>
      </div>
      {editing && <Editor entry={entry} change={change} onClose={() => onEdit(null)} />}
    </li>
  )
}

function groupsOf(configs: readonly ConfigEntry[]): [string, ConfigEntry[]][] {
  const groups = new Map<string, ConfigEntry[]>()
  for (const entry of configs) groups.set(entry.group, [...(groups.get(entry.group) ?? []), entry])
  return [...groups]
}

/** Configs under headings, each with its meaning, value and default; edited in place, reset with one press. */
export function ConfigEditor({
  configs,
  change,
}: {
  configs: readonly ConfigEntry[]
  change: ConfigChange
}): ReactNode {
  const [filter, setFilter] = useState('')
  const [onlySet, setOnlySet] = useState(false)
  const [editing, setEditing] = useState<string | null>(null)
  const shown = useMemo(() => {
    const word = filter.toLowerCase()
    return configs.filter(
      (entry) =>
        (!onlySet || entry.isSet) &&
        (entry.name.includes(word) || (entry.documentation ?? '').toLowerCase().includes(word)),
    )
  }, [configs, filter, onlySet])
  const edit = (name: string | null) => {
    change.clearError()
    setEditing(name)
  }
  return (
    <div className="flex flex-col gap-4">
      <div className="flex flex-wrap items-center gap-x-4 gap-y-2">
        <SearchInput
          label="Filter configs"
          value={filter}
          onChange={setFilter}
          className="w-72 max-md:w-full"
        />
        <Checkbox checked={onlySet} onChange={setOnlySet}>
          Only those set here
        </Checkbox>
      </div>
      {change.error && editing === null && (
        <p role="alert" className="text-sm text-loss">
          {change.error}
        </p>
      )}
      {shown.length === 0 && (
        <Empty title={onlySet ? 'Every config has its default' : 'No config is called so'} />
      )}
      {groupsOf(shown).map(([group, entries]) => (
        <Panel key={group} title={group} flush>
          <ul className="hairline-rows">
            {entries.map((entry) => (
              <Entry
                key={entry.name}
                entry={entry}
                change={change}
                editing={editing === entry.name}
                onEdit={edit}
              />
            ))}
          </ul>
        </Panel>
      ))}
    </div>
  )
}
