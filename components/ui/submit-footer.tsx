import type { ReactNode } from 'react'
import { Button } from './button.tsx'

/** The foot of a dialog around a form: away from it, or its one action. */
export function SubmitFooter({
  form,
  busy,
  disabled,
  onCancel,
  children,
}: {
  /** The form's id; the button stands outside of it. */
  form: string
  busy: boolean
  disabled: boolean
  onCancel: () => void
  children: ReactNode
}): ReactNode {
  return (
    <>
      <Button onClick={onCancel}>Cancel</Button>
      <Button tone="primary" type="submit" form={form} busy={busy} disabled={disabled}>
        {children}
      </Button>
    </>
  )
}
