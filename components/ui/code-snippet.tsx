'use client'

import clsx from 'clsx'
import { Terminal } from 'lucide-react'
import type { ReactNode } from 'react'
import { CopyButton } from './copy-button.tsx'
import { ScrollRegion } from './scroll-region.tsx'
import { WholeWords } from './whole-words.tsx'

/** A block of code or data that can be copied whole. */
export function CodeSnippet({
  code,
  label,
  className,
}: {
  code: string
  label: string
  className?: string
}): ReactNode {
  return (
    <div className={clsx('group relative rounded-md border border-line bg-sunken', className)}>
      <ScrollRegion label={label} className="overflow-x-auto rounded-md py-2.5 pr-11 pl-3">
        <pre className="text-xs leading-5 text-text">
          <code>{code}</code>
        </pre>
      </ScrollRegion>
      <CopyButton
        text={code}
        label={`Copy ${label}`}
        className="absolute top-1 right-1 !h-7 !min-h-0 !bg-sunken"
      />
    </div>
  )
}

/** The command line that does the same as the button beside it. */
export function CommandLine({ command, className }: { command: string; className?: string }): ReactNode {
  return (
    <div className={clsx('flex flex-col gap-1', className)}>
      <span className="eyebrow flex items-center gap-1">
        <Terminal aria-hidden className="size-3" />
        The same by command line
      </span>
      <div className="relative rounded-md border border-line bg-sunken">
        <ScrollRegion
          label="Equivalent command line"
          className="overflow-x-auto rounded-md py-1.5 pr-11 pl-3"
        >
          <code className="block text-xs leading-5 whitespace-pre-wrap wrap-anywhere text-muted">
            <WholeWords text={command} />
          </code>
        </ScrollRegion>
        <CopyButton
          text={command}
          label="Copy command line"
          className="absolute top-0.5 right-1 !h-7 !min-h-0 !bg-sunken"
        />
      </div>
    </div>
  )
}
