import type { ReactNode } from 'react'
import { partitionColour } from '../format/colour.ts'

/** A partition's number with its colour: the number says it, the colour repeats it. */
export function PartitionMark({ partition }: { partition: number }): ReactNode {
  return (
    <span className="inline-flex items-center gap-1.5 align-top whitespace-nowrap tabular-nums">
      <span
        aria-hidden
        className="h-3 w-1 rounded-[1px]"
        style={{ background: partitionColour(partition) }}
      />
      {partition}
    </span>
  )
}
