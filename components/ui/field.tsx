import clsx from 'clsx'
import { type ReactNode, useId } from 'react'

/** A labelled control with a hint and, when wrong, what is wrong and how to put it right. */
export function Field({
  label,
  hint,
  error,
  className,
  children,
}: {
  label: string
  hint?: ReactNode
  error?: string | undefined
  className?: string
  children: (ids: { id: string; 'aria-describedby'?: string; 'aria-invalid'?: true }) => ReactNode
}): ReactNode {
  const id = useId()
  const noteId = `${id}-note`
  const hasNote = Boolean(error || hint)
  return (
    <div className={clsx('flex flex-col gap-1', className)}>
      <label htmlFor={id} className="text-xs font-medium text-muted">
        {label}
      </label>
      {children({
        id,
        ...(hasNote ? { 'aria-describedby': noteId } : {}),
        ...(error ? { 'aria-invalid': true as const } : {}),
      })}
      {hasNote && (
        <p
          id={noteId}
          className={clsx('text-xs', error ? 'text-loss' : 'text-faint')}
          role={error ? 'alert' : undefined}
        >
          {error ?? hint}
        </p>
      )}
    </div>
  )
}

/** A check box with its words to the right; the whole line is the target. */
export function Checkbox({
  checked,
  onChange,
  children,
  disabled,
}: {
  checked: boolean
  onChange: (checked: boolean) => void
  children: ReactNode
  disabled?: boolean
}): ReactNode {
  return (
    <label className="flex cursor-pointer items-start gap-2 py-0.5 text-sm text-text max-md:min-h-10 max-md:items-center">
      <input
        type="checkbox"
        checked={checked}
        disabled={disabled}
        onChange={(event) => onChange(event.target.checked)}
        className={clsx(
          'mt-0.5 grid size-4 shrink-0 cursor-pointer appearance-none place-items-center rounded-sm border border-line-strong bg-panel max-md:mt-0',
          'checked:border-flow checked:bg-flow disabled:opacity-50',
          "after:hidden after:h-2 after:w-1 after:-translate-y-px after:rotate-45 after:border-r-2 after:border-b-2 after:border-flow-ink after:content-[''] checked:after:block",
        )}
      />
      <span>{children}</span>
    </label>
  )
}

/** A few choices side by side, one taken; arrow keys move, as in any radio group. */
export function Segmented<Value extends string>({
  label,
  value,
  options,
  onChange,
  className,
}: {
  label: string
  value: Value
  options: readonly { value: Value; label: ReactNode }[]
  onChange: (value: Value) => void
  className?: string
}): ReactNode {
  const name = useId()
  return (
    <fieldset className={clsx('inline-flex rounded-md border border-line-strong bg-panel p-0.5', className)}>
      <legend className="sr-only">{label}</legend>
      {options.map((option) => (
        <label
          key={option.value}
          className={clsx(
            'flex h-6.5 cursor-pointer items-center justify-center rounded-[3px] px-2.5 text-xs whitespace-nowrap transition-colors duration-100 max-md:h-9 max-md:flex-1',
            'has-focus-visible:outline-2 has-focus-visible:outline-flow',
            value === option.value ? 'bg-flow-wash font-medium text-text' : 'text-muted hover:text-text',
          )}
        >
          <input
            type="radio"
            name={name}
            className="sr-only"
            checked={value === option.value}
            onChange={() => onChange(option.value)}
          />
          {option.label}
        </label>
      ))}
    </fieldset>
  )
}
