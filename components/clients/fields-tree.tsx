import type { ReactNode } from 'react'

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null
}

/** Whether a field needs lines of its own; an array of plain values does not. */
function isNested(value: unknown): boolean {
  if (Array.isArray(value)) return value.some(isObject)
  return isObject(value) && Object.keys(value).length > 0
}

function Scalar({ value }: { value: unknown }): ReactNode {
  if (value === null || value === undefined) return <span className="text-faint">null</span>
  if (typeof value === 'string') return <span className="break-all">{value === '' ? '""' : value}</span>
  return <span className="text-flow tabular-nums">{String(value)}</span>
}

/** A decoded message field by field, indented as it is nested. Arrays of plain values stand on one line. */
export function FieldsTree({ value }: { value: unknown }): ReactNode {
  if (!isObject(value)) return <Scalar value={value} />
  const entries = Object.entries(value)
  if (entries.length === 0) return <span className="text-faint">{Array.isArray(value) ? '[]' : '{}'}</span>
  if (Array.isArray(value) && value.every((item) => !isObject(item)))
    return <span className="break-all">[{value.map(String).join(', ')}]</span>
  return (
    <ul className="flex flex-col border-l border-line pl-3">
      {entries.map(([name, field]) => (
        <li key={name} className="flex flex-wrap gap-x-2">
          <span className="text-muted">{Array.isArray(value) ? `[${name}]` : name}</span>
          {isNested(field) ? (
            <div className="w-full">
              <FieldsTree value={field} />
            </div>
          ) : (
            <FieldsTree value={field} />
          )}
        </li>
      ))}
    </ul>
  )
}
