import type { ReactNode } from 'react'
import { useGroups } from '../../lib/queries/groups.ts'
import { Checkbox, Field } from '../ui/field.tsx'
import { Input, Select } from '../ui/input.tsx'
import type { ResetForm } from './reset-target.ts'

/** What the chosen kind of target asks for: a time, an offset, another group. */
export function TargetField({
  cluster,
  group,
  form,
  onChange,
}: {
  cluster: string
  group: string
  form: ResetForm
  onChange: (change: Partial<ResetForm>) => void
}): ReactNode {
  const others = useGroups(cluster).data?.groups.filter((other) => other.groupId !== group) ?? []
  switch (form.to) {
    case 'time':
      return (
        <Field label="First record at or after" hint="In your time zone.">
          {(ids) => (
            <Input
              {...ids}
              type="datetime-local"
              step="1"
              value={form.time}
              onChange={(event) => onChange({ time: event.target.value })}
            />
          )}
        </Field>
      )
    case 'offset':
      return (
        <Field label="Offset" hint="The same for each partition; out of range is brought into it.">
          {(ids) => (
            <Input
              {...ids}
              inputMode="numeric"
              value={form.offset}
              onChange={(event) => onChange({ offset: event.target.value })}
            />
          )}
        </Field>
      )
    case 'shift':
      return (
        <Field label="Records to shift by" hint="Negative goes back: -100 reads the last hundred again.">
          {(ids) => (
            <Input {...ids} value={form.by} onChange={(event) => onChange({ by: event.target.value })} />
          )}
        </Field>
      )
    case 'group':
      return (
        <Field label="Where another group stands">
          {(ids) => (
            <Select
              {...ids}
              value={form.groupId}
              onChange={(event) => onChange({ groupId: event.target.value })}
            >
              <option value="">Choose a group</option>
              {others.map((other) => (
                <option key={other.groupId}>{other.groupId}</option>
              ))}
            </Select>
          )}
        </Field>
      )
    default:
      return null
  }
}

/** Which of the group's topics are reset; one alone is no choice. */
export function ResetTopics({
  topics,
  chosen,
  onChange,
}: {
  topics: readonly string[]
  chosen: ReadonlySet<string>
  onChange: (chosen: Set<string>) => void
}): ReactNode {
  if (topics.length < 2) return null
  return (
    <fieldset className="flex flex-wrap gap-x-4 gap-y-1">
      <legend className="mb-1 text-xs font-medium text-muted">Topics</legend>
      {topics.map((topic) => (
        <Checkbox
          key={topic}
          checked={chosen.has(topic)}
          onChange={(checked) => {
            const next = new Set(chosen)
            if (checked) next.add(topic)
            else next.delete(topic)
            onChange(next)
          }}
        >
          {topic}
        </Checkbox>
      ))}
    </fieldset>
  )
}
