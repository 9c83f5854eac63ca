'use client'

import { Play, Square } from 'lucide-react'
import { type ReactNode, useState } from 'react'
import type { SampleStatus } from '../../lib/contract/sample.ts'
import { useLive } from '../../lib/live/provider.tsx'
import { useSample, useStartSample, useStopSample } from '../../lib/queries/sample.ts'
import { formatCount, formatRate } from '../format/count.ts'
import { Button } from '../ui/button.tsx'
import { ClusterLink, groupPath, topicPath } from '../ui/cluster-link.tsx'
import { Field } from '../ui/field.tsx'
import { Input } from '../ui/input.tsx'
import { notifyFailed } from '../ui/notify.ts'
import { Panel } from '../ui/panel.tsx'

const linkLook = 'text-text underline decoration-line-strong underline-offset-2'

/** The flights: started, stopped and set to a speed here. */
export function SamplePanel({ cluster }: { cluster: string }): ReactNode {
  useLive({ channel: 'sample', cluster })
  const { data: sample } = useSample(cluster)
  if (!sample) return null
  return (
    <Panel
      title="Sample stream"
      aside={
        sample.running
          ? `${formatCount(sample.recordsProduced)} flights sent`
          : 'Real flights, keyed by airport'
      }
    >
      <div className="flex flex-col gap-3">
        {sample.problem && (
          <p role="alert" className="text-sm text-loss">
            {sample.problem}
          </p>
        )}
        {sample.running && <Flow sample={sample} />}
        <Controls cluster={cluster} sample={sample} />
      </div>
    </Panel>
  )
}

/** What runs: the topic, its speed, and the groups that read it. */
function Flow({ sample }: { sample: SampleStatus }): ReactNode {
  return (
    <p className="text-sm text-muted">
      <ClusterLink className={`font-medium ${linkLook}`} href={topicPath(sample.topic, 'partitions')}>
        {sample.topic}
      </ClusterLink>{' '}
      at {formatRate(sample.recordsPerSecond)} records/s, read by{' '}
      {sample.groups.map((group, index) => (
        <span key={group.groupId}>
          {index > 0 && ' and '}
          <ClusterLink className={linkLook} href={groupPath(group.groupId)}>
            {group.groupId}
          </ClusterLink>{' '}
          ({group.behaviour})
        </span>
      ))}
      .
    </p>
  )
}

function Controls({ cluster, sample }: { cluster: string; sample: SampleStatus }): ReactNode {
  const start = useStartSample(cluster)
  // What was typed; null while the field shows the speed that is.
  const [speed, setSpeed] = useState<string | null>(null)
  const wanted = Number(speed ?? sample.recordsPerSecond)
  const valid = Number.isFinite(wanted) && wanted >= 1 && wanted <= 10_000
  const run = () =>
    start.mutate(
      { recordsPerSecond: wanted },
      {
        onSuccess: () => setSpeed(null),
        onError: (error) => notifyFailed('The sample stream did not start', error),
      },
    )
  return (
    <form
      className="flex items-end gap-2"
      onSubmit={(event) => {
        event.preventDefault()
        if (valid) run()
      }}
    >
      <Field label="Records a second" className="w-32" error={valid ? undefined : '1 to 10,000'}>
        {(ids) => (
          <Input
            {...ids}
            inputMode="numeric"
            value={speed ?? String(sample.recordsPerSecond)}
            onChange={(event) => setSpeed(event.target.value)}
          />
        )}
      </Field>
      <Button type="submit" busy={start.isPending} disabled={!valid || (sample.running && speed === null)}>
        <Play aria-hidden className="size-3.5" />
        {sample.running ? 'Set speed' : 'Start'}
      </Button>
      {sample.running && <StopButton cluster={cluster} />}
    </form>
  )
}

function StopButton({ cluster }: { cluster: string }): ReactNode {
  const stop = useStopSample(cluster)
  return (
    <Button
      busy={stop.isPending}
      onClick={() =>
        stop.mutate(undefined, {
          onError: (error) => notifyFailed('The sample stream did not stop', error),
        })
      }
    >
      <Square aria-hidden className="size-3.5" />
      Stop
    </Button>
  )
}
