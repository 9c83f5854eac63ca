import type { ResetTarget } from '../../lib/contract/groups.ts'

export type ResetForm = {
  to: ResetTarget['to']
  /** `datetime-local` value. */
  time: string
  offset: string
  by: string
  groupId: string
}

export const resetChoices: readonly { value: ResetTarget['to']; label: string }[] = [
  { value: 'earliest', label: 'Earliest' },
  { value: 'latest', label: 'Latest' },
  { value: 'time', label: 'Time' },
  { value: 'offset', label: 'Offset' },
  { value: 'shift', label: 'Shift' },
  { value: 'group', label: 'Group' },
]

/** The target that the form says, or undefined while it is not complete. */
export function targetOf(form: ResetForm): ResetTarget | undefined {
  switch (form.to) {
    case 'earliest':
    case 'latest':
      return { to: form.to }
    case 'time': {
      const timestamp = new Date(form.time).getTime()
      return Number.isNaN(timestamp) ? undefined : { to: 'time', timestamp }
    }
    case 'offset':
      return /^\d+$/.test(form.offset) ? { to: 'offset', offset: Number(form.offset) } : undefined
    case 'shift':
      return /^[+-]?\d+$/.test(form.by) ? { to: 'shift', by: Number(form.by) } : undefined
    case 'group':
      return form.groupId === '' ? undefined : { to: 'group', groupId: form.groupId }
  }
}
