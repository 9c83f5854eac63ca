'use client'

import type { ReactNode } from 'react'
import type { Group } from '../../lib/contract/groups.ts'
import { useResetOffsets } from '../../lib/queries/groups.ts'
import { plural } from '../format/count.ts'
import { CommandLine } from '../ui/code-snippet.tsx'
import { Dialog } from '../ui/dialog.tsx'
import { Segmented } from '../ui/field.tsx'
import { notifyDone } from '../ui/notify.ts'
import { Loading } from '../ui/states.tsx'
import { SubmitFooter } from '../ui/submit-footer.tsx'
import { ResetDryRun } from './reset-dry-run.tsx'
import { resetChoices } from './reset-target.ts'
import { ResetTopics, TargetField } from './reset-target-field.tsx'
import { useDryRun, useResetForm } from './use-reset.ts'

/** Sets where a group goes on: always shown as a dry run first, with Kafka's own command line. */
export function ResetOffsetsDialog({
  cluster,
  group,
  onClose,
}: {
  cluster: string
  group: Group
  onClose: () => void
}): ReactNode {
  const { form, change, topics, chosen, choose, overrides, override, body } = useResetForm(group)
  const { result, error, asking } = useDryRun(cluster, group.groupId, body)
  const { apply, busy, problem } = useApply(cluster, group.groupId, onClose)
  const changed = result?.partitions.filter((row) => row.newOffset !== row.currentOffset).length ?? 0
  const said = problem ?? error?.message
  return (
    <Dialog
      title={`Reset offsets of ${group.groupId}`}
      description="Nothing changes until you press Reset; below is what would."
      width="xl"
      onClose={onClose}
      footer={
        <SubmitFooter
          form="reset-offsets"
          busy={busy}
          disabled={!result || result.blocked !== null || changed === 0}
          onCancel={onClose}
        >
          {result ? `Reset ${plural(changed, 'partition')}` : 'Reset'}
        </SubmitFooter>
      }
    >
      <form
        id="reset-offsets"
        className="flex flex-col gap-4"
        onSubmit={(event) => {
          event.preventDefault()
          if (body) apply(body)
        }}
      >
        <div className="flex flex-wrap items-end gap-4">
          <Segmented label="To" value={form.to} options={resetChoices} onChange={(to) => change({ to })} />
          <div className="w-72 empty:hidden">
            <TargetField cluster={cluster} group={group.groupId} form={form} onChange={change} />
          </div>
        </div>
        <ResetTopics topics={topics} chosen={chosen} onChange={choose} />
        {result?.blocked && (
          <p role="status" className="rounded-md bg-warm-wash px-3 py-2 text-sm text-warm">
            {result.blocked}
          </p>
        )}
        {said && (
          <p role="alert" className="text-sm text-loss">
            {said}
          </p>
        )}
        {result && <ResetDryRun result={result} overrides={overrides} onOverride={override} />}
        {result && <CommandLine command={result.command} />}
        {!result && asking && <Loading lines={4} label="Working out the offsets" className="!p-0" />}
      </form>
    </Dialog>
  )
}

/** Does it for good; closes the dialog when the broker has taken it. */
function useApply(cluster: string, groupId: string, onDone: () => void) {
  const { mutate, isPending, error, data } = useResetOffsets(cluster, groupId)
  return {
    busy: isPending,
    problem: error?.message ?? data?.blocked,
    apply: (body: Parameters<typeof mutate>[0]) =>
      mutate(
        { ...body, dryRun: false },
        {
          onSuccess: (done) => {
            if (!done.applied) return
            void notifyDone(`Offsets of ${groupId} reset`, plural(done.partitions.length, 'partition'))
            onDone()
          },
        },
      ),
  }
}
