'use client'

import { type ReactNode, useState } from 'react'
import type { KafkaRecord } from '../../lib/contract/records.ts'
import { useVisibility } from '../../lib/queries/records.ts'
import { useTopicConsumers } from '../../lib/queries/topics.ts'
import { StateDot } from '../ui/badge.tsx'
import { Button } from '../ui/button.tsx'
import { Field } from '../ui/field.tsx'
import { Select } from '../ui/input.tsx'

/** "Why can't my consumer see this record?": asked on demand, answered from the broker's state. */
export function Visibility({
  cluster,
  topic,
  record,
}: {
  cluster: string
  topic: string
  record: KafkaRecord
}): ReactNode {
  const [asked, setAsked] = useState(false)
  if (!asked) {
    return (
      <div>
        <Button size="sm" onClick={() => setAsked(true)}>
          Why can't my consumer see this record?
        </Button>
      </div>
    )
  }
  return <Answer cluster={cluster} topic={topic} record={record} />
}

function Answer({
  cluster,
  topic,
  record,
}: {
  cluster: string
  topic: string
  record: KafkaRecord
}): ReactNode {
  const [group, setGroup] = useState('')
  const consumers = useTopicConsumers(cluster, topic)
  const answer = useVisibility(cluster, topic, record, group === '' ? null : group)
  return (
    <section aria-label="Visibility" className="flex flex-col gap-2.5 rounded-md border border-line p-3">
      <h3 className="text-xs font-semibold text-muted">Why can't my consumer see this record?</h3>
      <Field label="Consumer">
        {(ids) => (
          <Select {...ids} value={group} onChange={(event) => setGroup(event.target.value)}>
            <option value="">any consumer, read_committed</option>
            {consumers.data?.consumers.map((consumer) => (
              <option key={consumer.groupId} value={consumer.groupId}>
                group {consumer.groupId}
              </option>
            ))}
          </Select>
        )}
      </Field>
      <div aria-live="polite" className="flex flex-col gap-2 text-xs">
        {answer.isPending && <p className="text-faint">Asking the broker…</p>}
        {answer.error && <p className="text-loss">{answer.error.message}</p>}
        {answer.data && (
          <>
            <p className="text-sm">
              <StateDot tone={answer.data.visible ? 'flow' : 'warm'}>
                {answer.data.visible ? 'It can' : 'It cannot'}
              </StateDot>
              <span className="ml-2">{answer.data.text}</span>
            </p>
            <dl className="grid grid-cols-[10rem_1fr] gap-x-3 gap-y-0.5 max-md:grid-cols-2">
              {answer.data.facts.map((fact) => (
                <div key={fact.name} className="contents">
                  <dt className="text-faint">{fact.name}</dt>
                  <dd className="font-mono break-all">{fact.value}</dd>
                </div>
              ))}
            </dl>
          </>
        )}
      </div>
    </section>
  )
}
