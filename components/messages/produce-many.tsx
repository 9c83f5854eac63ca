'use client'

import { type ReactNode, useEffect, useMemo, useState } from 'react'
import type { ProduceRecord } from '../../lib/contract/records.ts'
import { formatBytes } from '../format/bytes.ts'
import { plural } from '../format/count.ts'
import { Field } from '../ui/field.tsx'
import { Input, Textarea } from '../ui/input.tsx'
import { parseLines } from './produce-lines.ts'

const mostBytes = 16 * 1024 * 1024
const mistakesShown = 5

/** Records from pasted lines or a file; with a mistake in any line nothing is sent. */
export function ProduceMany({
  onChange,
}: {
  onChange: (records: readonly ProduceRecord[]) => void
}): ReactNode {
  const [text, setText] = useState('')
  const [separator, setSeparator] = useState('')
  const [problem, setProblem] = useState<string | undefined>()
  const parsed = useMemo(() => parseLines(text, separator), [text, separator])
  useEffect(() => {
    onChange(parsed.mistakes.length === 0 ? parsed.records : [])
  }, [parsed, onChange])

  async function load(file: File | undefined): Promise<void> {
    if (!file) return
    if (file.size > mostBytes) {
      setProblem(`${file.name} has ${formatBytes(file.size)}; at most ${formatBytes(mostBytes)} at once.`)
      return
    }
    setProblem(undefined)
    setText(await file.text())
  }

  return (
    <>
      <Field
        label="Lines"
        error={problem}
        hint={
          <>
            One record a line: text, or JSON such as {'{"key":"a","value":{"n":1},"headers":{"h":"1"}}'}. An
            export of ours, one record a line, can be pasted back.
          </>
        }
      >
        {(ids) => (
          <Textarea
            {...ids}
            data-autofocus
            rows={9}
            value={text}
            onChange={(event) => setText(event.target.value)}
          />
        )}
      </Field>
      <div className="grid grid-cols-2 gap-3 max-md:grid-cols-1">
        <Field label="From a file">
          {(ids) => (
            <input
              {...ids}
              type="file"
              accept=".txt,.json,.jsonl,.ndjson,.csv,text/*,application/json"
              onChange={(event) => void load(event.target.files?.[0])}
              className="text-xs file:mr-2 file:h-8 file:rounded-md file:border file:border-line-strong file:bg-panel file:px-2.5 file:text-xs file:text-text"
            />
          )}
        </Field>
        <Field label="Key ends at" hint="Empty: lines have no key.">
          {(ids) => (
            <Input
              {...ids}
              className="font-mono"
              placeholder=":"
              value={separator}
              onChange={(event) => setSeparator(event.target.value)}
            />
          )}
        </Field>
      </div>
      <Readiness parsed={parsed} />
    </>
  )
}

function Readiness({ parsed }: { parsed: ReturnType<typeof parseLines> }): ReactNode {
  return (
    <div aria-live="polite" className="text-xs">
      {parsed.mistakes.length === 0 ? (
        <p className="text-muted">{plural(parsed.records.length, 'record')} ready.</p>
      ) : (
        <ul className="flex flex-col gap-0.5 text-loss">
          {parsed.mistakes.slice(0, mistakesShown).map((mistake) => (
            <li key={mistake.line}>
              Line {mistake.line}: {mistake.message}
            </li>
          ))}
          {parsed.mistakes.length > mistakesShown && (
            <li>and {plural(parsed.mistakes.length - mistakesShown, 'more line')}</li>
          )}
        </ul>
      )}
    </div>
  )
}
