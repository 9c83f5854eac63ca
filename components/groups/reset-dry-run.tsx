import { ArrowRight } from 'lucide-react'
import type { ReactNode } from 'react'
import type { ResetOffsetsResult } from '../../lib/contract/groups.ts'
import { formatCount } from '../format/count.ts'
import { Input } from '../ui/input.tsx'
import { PartitionMark } from '../ui/partition-mark.tsx'
import { Table, Td, Th, Tr } from '../ui/table.tsx'
import { type ResetOverrides, rowKey } from './use-reset.ts'

type Row = ResetOffsetsResult['partitions'][number]

/** What would change, partition by partition; each new offset can be set by hand. */
export function ResetDryRun({
  result,
  overrides,
  onOverride,
}: {
  result: ResetOffsetsResult
  overrides: ResetOverrides
  onOverride: (key: string, offset: string) => void
}): ReactNode {
  return (
    <div className="max-h-72 overflow-y-auto rounded-md border border-line">
      <Table label="What would change">
        <thead>
          <tr>
            <Th>Partition</Th>
            <Th numeric>Offset now</Th>
            <Th className="max-md:hidden">
              <span className="sr-only">becomes</span>
            </Th>
            <Th>Offset then</Th>
            <Th numeric className="max-md:hidden">
              Lag now
            </Th>
            <Th numeric>Lag then</Th>
          </tr>
        </thead>
        <tbody>
          {result.partitions.map((row) => (
            <DryRunRow
              key={rowKey(row)}
              row={row}
              newOffset={overrides.get(rowKey(row)) ?? String(row.newOffset)}
              onOverride={(offset) => onOverride(rowKey(row), offset)}
            />
          ))}
        </tbody>
      </Table>
    </div>
  )
}

function DryRunRow({
  row,
  newOffset,
  onOverride,
}: {
  row: Row
  newOffset: string
  onOverride: (offset: string) => void
}): ReactNode {
  return (
    <Tr>
      <Td className="max-w-48 truncate" title={row.topic}>
        <span className="inline-flex items-center gap-2">
          <PartitionMark partition={row.partition} />
          <span className="truncate text-xs text-muted">{row.topic}</span>
        </span>
      </Td>
      <Td numeric>{formatCount(row.currentOffset)}</Td>
      <Td className="max-md:hidden">
        <ArrowRight aria-hidden className="size-3.5 text-faint" />
      </Td>
      <Td className="w-40 max-md:w-24">
        <Input
          aria-label={`New offset of ${row.topic} partition ${row.partition}`}
          inputMode="numeric"
          className="!h-7 tabular-nums"
          value={newOffset}
          onChange={(event) => onOverride(event.target.value)}
        />
        {(row.error ?? row.note) && (
          <span className={row.error ? 'text-xs text-loss' : 'text-xs text-faint'}>
            {row.error ?? row.note}
          </span>
        )}
      </Td>
      <Td numeric className="max-md:hidden">
        {formatCount(row.lagBefore)}
      </Td>
      <Td numeric className={row.lagAfter > (row.lagBefore ?? 0) ? 'text-warm' : ''}>
        {formatCount(row.lagAfter)}
      </Td>
    </Tr>
  )
}
