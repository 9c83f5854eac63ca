import type { ReactNode } from 'react'
import { Field } from '../ui/field.tsx'
import { Select } from '../ui/input.tsx'
import type { Sending } from './produce-draft.ts'

const codecs = ['none', 'gzip', 'snappy', 'lz4', 'zstd'] as const
const acksChoices = ['all', '1', '0'] as const
const acksNames = { all: 'All in-sync replicas', '1': 'The leader', '0': 'Nobody (fire and forget)' }

/** How records are sent: compressed or not, and who has to say that they are there. */
export function SendingFields({
  sending,
  onChange,
}: {
  sending: Sending
  onChange: (sending: Sending) => void
}): ReactNode {
  return (
    <div className="grid grid-cols-2 gap-3">
      <Field label="Compression">
        {(ids) => (
          <Select
            {...ids}
            value={sending.compression}
            onChange={(event) =>
              onChange({
                ...sending,
                compression: codecs.find((name) => name === event.target.value) ?? 'none',
              })
            }
          >
            {codecs.map((codec) => (
              <option key={codec} value={codec}>
                {codec}
              </option>
            ))}
          </Select>
        )}
      </Field>
      <Field label="Acknowledged by (acks)">
        {(ids) => (
          <Select
            {...ids}
            value={sending.acks}
            onChange={(event) =>
              onChange({ ...sending, acks: acksChoices.find((name) => name === event.target.value) ?? 'all' })
            }
          >
            {acksChoices.map((acks) => (
              <option key={acks} value={acks}>
                {acksNames[acks]}
              </option>
            ))}
          </Select>
        )}
      </Field>
    </div>
  )
}
