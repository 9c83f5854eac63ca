import type { ReactNode } from 'react'
import { CallError } from '../../lib/contract/call.ts'
import { ClusterLink } from './cluster-link.tsx'
import { Empty, Failure, Loading } from './states.tsx'

/** The page of one topic, group or broker while there is nothing to show: still loading, not there, not to be read. */
export function Missing({
  kind,
  name,
  called = name,
  why,
  error,
  onRetry,
}: {
  kind: 'topic' | 'group' | 'broker'
  name: string
  /** Where the name alone says too little: `broker 3`. */
  called?: string
  /** Why it may not be there. */
  why: string
  error: Error | null
  onRetry: () => void
}): ReactNode {
  if (!error) return <Loading page lines={12} label={`Loading ${called}`} />
  if (error instanceof CallError && error.status === 404)
    return (
      <Empty
        page
        title={`There is no ${kind} ${name}`}
        action={
          <ClusterLink href={`/${kind}s`} className="underline underline-offset-2">
            All {kind}s
          </ClusterLink>
        }
      >
        {why}
      </Empty>
    )
  return <Failure page title={`${called} could not be read`} error={error} onRetry={onRetry} />
}
