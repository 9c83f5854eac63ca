'use client'

import { type ReactNode, useId } from 'react'
import { Segmented } from '../ui/field.tsx'
import { Input, SearchInput, Select } from '../ui/input.tsx'
import { filterFields, type MessagesView, type SetMessagesView } from './messages-view.ts'
import { type FilterText, useFilterText } from './use-filter-text.ts'

const fieldNames: Record<(typeof filterFields)[number], string> = {
  any: 'Anywhere',
  key: 'In keys',
  value: 'In values',
  headers: 'In headers',
}

/** A filter that the server runs over the whole topic: plain text, or an expression in CEL. */
export function FilterBar({ view, setView }: { view: MessagesView; setView: SetMessagesView }): ReactNode {
  const filter = useFilterText(view, setView)
  return (
    <div className="flex min-w-104 flex-1 items-start gap-2 max-md:order-last max-md:min-w-0 max-md:basis-full max-md:flex-wrap">
      <Segmented
        label="Kind of filter"
        value={view.filterKind}
        options={[
          { value: 'text', label: 'Text' },
          { value: 'cel', label: 'CEL' },
        ]}
        onChange={filter.choose}
      />
      {view.filterKind === 'text' ? (
        <>
          <SearchInput
            label="Filter the whole topic"
            className="min-w-24 flex-1 max-md:order-last max-md:basis-full"
            value={filter.text}
            onChange={filter.type}
          />
          <WhereToLook view={view} setView={setView} />
        </>
      ) : (
        <Expression filter={filter} />
      )}
    </div>
  )
}

function WhereToLook({ view, setView }: { view: MessagesView; setView: SetMessagesView }): ReactNode {
  return (
    <Select
      aria-label="Where to look"
      className="!w-auto max-md:flex-1"
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
  )
}

function Expression({ filter: { text, type, mistake } }: { filter: FilterText }): ReactNode {
  const mistakeId = useId()
  return (
    <div className="min-w-24 flex-1 max-md:basis-full">
      <Input
        aria-label="CEL expression"
        aria-invalid={mistake !== null}
        aria-describedby={mistake === null ? undefined : mistakeId}
        placeholder="value.amount > 100 && key.startsWith('eu-')"
        className="font-mono !text-xs"
        value={text}
        onChange={(event) => type(event.target.value)}
      />
      {mistake !== null && (
        <p id={mistakeId} role="alert" className="mt-1 text-xs text-loss">
          {mistake}
        </p>
      )}
    </div>
  )
}
