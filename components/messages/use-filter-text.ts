'use client'

import { useEffect, useState } from 'react'
import { checkFilter } from '../../lib/queries/records.ts'
import type { MessagesView, SetMessagesView } from './messages-view.ts'

const typingMs = 250

export type FilterText = {
  text: string
  type: (text: string) => void
  /** Why the expression is not used; null while nothing is wrong. */
  mistake: string | null
  /** Another kind of filter begins empty. */
  choose: (kind: MessagesView['filterKind']) => void
}

/** The filter as typed. It goes into the view once typing rests and, in CEL, the expression parses. */
export function useFilterText(view: MessagesView, setView: SetMessagesView): FilterText {
  const [text, setText] = useState(view.filter)
  const [mistake, setMistake] = useState<string | null>(null)
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
  return {
    text,
    type: setText,
    mistake,
    choose: (filterKind) => {
      setMistake(null)
      setText('')
      void setView({ filterKind, filter: '' })
    },
  }
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
