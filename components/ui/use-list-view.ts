'use client'

import { parseAsBoolean, parseAsString, useQueryState, useQueryStates } from 'nuqs'
import { useCallback, useMemo } from 'react'
import type { Sort } from './data-table.tsx'

export type ListView = {
  filter: string
  setFilter: (filter: string) => void
  sort: Sort
  setSort: (sort: Sort) => void
}

/** Filter and order of a list, held in the URL so that a link shows what is seen. */
export function useListView(first: Sort): ListView {
  const [filter, setFilter] = useQueryState(
    'filter',
    parseAsString.withDefault('').withOptions({ throttleMs: 300 }),
  )
  const [{ sort: column, descending }, setView] = useQueryStates({
    sort: parseAsString.withDefault(first.column),
    descending: parseAsBoolean.withDefault(first.descending),
  })
  return {
    filter,
    setFilter: useCallback((text) => void setFilter(text || null), [setFilter]),
    sort: useMemo(() => ({ column, descending }), [column, descending]),
    setSort: useCallback(
      (next) => void setView({ sort: next.column, descending: next.descending }),
      [setView],
    ),
  }
}
