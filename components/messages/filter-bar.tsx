'use client'

import { type ReactNode, useEffect, useId, useState } from 'react'
import { checkFilter } from '../../lib/queries/records.ts'
import { Segmented } from '../ui/field.tsx'
import { Input, SearchInput, Select } from '../ui/input.tsx'
import { filterFields, type MessagesView, type SetMessagesView } from './messages-view.ts'

const typingMs = 250

const fieldNames: Record<(typeof filterFields)[number], string> = {
  any: 'anywhere',
  key: 'in keys',
  value: 'in values',
  headers: 'in headers',
}

/** A filter that the server runs over the whole topic: plain text, or an expression in CEL. */
export function FilterBar({ view, setView }: { view: MessagesView; setView: SetMessagesView }): ReactNode {
  const [text, setText] = useState(view.filter)
  const [mistake, setMistake] = useState<string | null>(null)
  const mistakeId = useId()
  useEffect(() => setText(view.filter), [view.filter])
  useEffect(() => {
    if (text === view.filter) return
    const abort = new AbortController()
    const timer = setTimeout(async () => {
      const problem = view.filterKind === 'cel' ? await mistakeIn(text, abort.signal) : null
      if (abort.signal.aborted) return
      setMistake(problem)
      if (problem === null) void setView({ filter: text })
    }, typingMs)
    return () => {
      clearTimeout(timer)
      abort.abort()
    }
  }, [text, view.filter, view.filterKind, setView])

  return (
    <div className="flex min-w-0 flex-1 items-start gap-2 max-md:order-last max-md:basis-full">
      <Segmented
        label="Kind of filter"
        value={view.filterKind}
        options={[
          { value: 'text', label: 'Text' },
          { value: 'cel', label: 'CEL' },
        ]}
        onChange={(filterKind) => {
          setMistake(null)
          setText('')
          void setView({ filterKind, filter: '' })
        }}
      />
      {view.filterKind === 'text' ? (
        <>
          <SearchInput
            label="Filter the whole topic"
            className="min-w-24 flex-1"
            value={text}
            onChange={setText}
          />
          <Select
            aria-label="Where to look"
            className="!w-auto"
            value={view.filterIn}
            onChange={(event) =>
              void setView({ filterIn: filterFields.find((name) => name === event.target.value) ?? 'any' })
            }
          >
            {filterFields.map((field) => (
              <option key={field} value={field}>
                {fieldNames[field]}
              </option>
            ))}
          </Select>
        </>
      ) : (
        <div className="min-w-24 flex-1">
          <Input
            aria-label="CEL expression"
            aria-invalid={mistake !== null}
            aria-describedby={mistake === null ? undefined : mistakeId}
            placeholder="value.amount > 100 && key.startsWith('eu-')"
            className="font-mono !text-xs"
            value={text}
            onChange={(event) => setText(event.target.value)}
          />
          {mistake !== null && (
            <p id={mistakeId} role="alert" className="mt-1 text-xs text-loss">
              {mistake}
            </p>
          )}
        </div>
      )}
    </div>
  )
}

async function mistakeIn(expression: string, signal: AbortSignal): Promise<string | null> {
  if (expression.trim() === '') return null
  try {
    const checked = await checkFilter({ kind: 'cel', expression }, signal)
    return checked.ok ? null : (checked.message ?? 'This expression does not parse.')
  } catch (error) {
    return signal.aborted ? null : (error as Error).message
  }
}
