'use client'

import type { ReactNode } from 'react'
import { Button } from '../ui/button.tsx'
import { Checkbox } from '../ui/field.tsx'
import { Menu } from '../ui/menu.tsx'
import { PartitionMark } from '../ui/partition-mark.tsx'

/** All partitions, or some of them. None chosen means all. */
export function PartitionPicker({
  partitions,
  chosen,
  onChange,
}: {
  partitions: readonly number[]
  chosen: readonly number[]
  onChange: (chosen: number[]) => void
}): ReactNode {
  const label =
    chosen.length === 0
      ? 'All partitions'
      : chosen.length === 1
        ? `Partition ${chosen[0]}`
        : `${chosen.length} partitions`
  return (
    <Menu align="start" trigger={<Button>{label}</Button>}>
      <div
        role="none"
        className="max-h-80 w-48 overflow-y-auto p-2"
        onKeyDown={(event) => event.key !== 'Escape' && event.stopPropagation()}
      >
        <Checkbox checked={chosen.length === 0} onChange={() => onChange([])}>
          All
        </Checkbox>
        {partitions.map((partition) => (
          <Checkbox
            key={partition}
            checked={chosen.includes(partition)}
            onChange={(checked) =>
              onChange(
                checked
                  ? [...chosen, partition].sort((a, b) => a - b)
                  : chosen.filter((other) => other !== partition),
              )
            }
          >
            <PartitionMark partition={partition} />
          </Checkbox>
        ))}
      </div>
    </Menu>
  )
}
