'use client'

import { type ReactNode, useId, useState } from 'react'
import { Button } from './button.tsx'
import { CommandLine } from './code-snippet.tsx'
import { Dialog } from './dialog.tsx'
import { Input } from './input.tsx'

/**
 * Before something is lost: says what, shows the equivalent command line and, with `typedName`, keeps the button
 * shut until that name is typed.
 */
export function ConfirmDialog({
  title,
  losses,
  typedName,
  action,
  commandLine,
  busy,
  error,
  onConfirm,
  onClose,
}: {
  title: ReactNode
  losses: ReactNode
  typedName?: string
  action: string
  commandLine?: string
  busy: boolean
  error?: string | undefined
  onConfirm: () => void
  onClose: () => void
}): ReactNode {
  const [typed, setTyped] = useState('')
  const inputId = useId()
  const ready = typedName === undefined || typed === typedName
  return (
    <Dialog
      title={title}
      tone="danger"
      onClose={onClose}
      footer={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button tone="danger" disabled={!ready} busy={busy} type="submit" form={`${inputId}-form`}>
            {action}
          </Button>
        </>
      }
    >
      <form
        id={`${inputId}-form`}
        className="flex flex-col gap-4"
        onSubmit={(event) => {
          event.preventDefault()
          if (ready && !busy) onConfirm()
        }}
      >
        <div className="text-sm text-text">{losses}</div>
        {typedName !== undefined && (
          <div className="flex flex-col gap-1">
            <label htmlFor={inputId} className="text-xs text-muted">
              Type <span className="font-mono font-medium break-all text-text">{typedName}</span> to confirm
            </label>
            <Input
              id={inputId}
              data-autofocus
              className="font-mono"
              value={typed}
              onChange={(event) => setTyped(event.target.value)}
            />
          </div>
        )}
        {commandLine && <CommandLine command={commandLine} />}
        {error && (
          <p role="alert" className="text-sm text-loss">
            {error}
          </p>
        )}
      </form>
    </Dialog>
  )
}
