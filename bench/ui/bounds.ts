import { median } from '../figures.ts'
import { textTable } from '../text-table.ts'

/** A figure of the dashboard and what it is held to; `limit` null: only told. */
export type Bound = {
  name: string
  unit: string
  better: 'less' | 'more'
  limit: number | null
}

/** The samples of each bound over the rounds, one sample a round. */
export class Bounds {
  private readonly samples = new Map<string, { bound: Bound; values: number[] }>()

  add(bound: Bound, value: number): void {
    const entry = this.samples.get(bound.name) ?? { bound, values: [] }
    entry.values.push(value)
    this.samples.set(bound.name, entry)
  }

  /** A row each: what it is held to, the median over the rounds, lowest and highest round, held or not. */
  table(): string {
    const rows = [...this.samples.values()].map(({ bound, values }) => {
      const spread = `${short(Math.min(...values))}–${short(Math.max(...values))}`
      const measured = median(values)
      const { name, unit, better, limit } = bound
      const heldTo = limit === null ? '' : `${better === 'less' ? '≤' : '≥'} ${short(limit)}`
      return [name, unit, heldTo, short(measured), spread, heldOrNot(bound, measured)]
    })
    return textTable([['bound', 'unit', 'held to', 'measured', 'rounds', 'held'], ...rows])
  }

  toJson(): unknown {
    return [...this.samples.values()].map(({ bound, values }) => ({ ...bound, values }))
  }
}

function heldOrNot({ better, limit }: Bound, measured: number): string {
  if (limit === null) return ''
  return (better === 'less' ? measured <= limit : measured >= limit) ? 'yes' : 'no'
}

/** The value that `share` (0 to 1) of the samples do not exceed. */
export function quantile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b)
  return sorted[Math.min(sorted.length - 1, Math.ceil(sorted.length * share) - 1)] ?? Number.NaN
}

/** Three significant digits are more than the noise allows. */
function short(value: number): string {
  if (!Number.isFinite(value)) return '–'
  if (value >= 10_000) return `${(value / 1000).toFixed(0)}k`
  return value >= 100 || Number.isInteger(value) ? value.toFixed(0) : value.toFixed(value >= 10 ? 1 : 2)
}
