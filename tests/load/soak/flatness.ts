import type { Gauges } from '../inspected-broker.ts'

export type Sample = Gauges & { readonly atMs: number }

type Gauge = keyof Gauges

/** How much higher the last third's median may lie than that of the second: a share of it, and a little besides. */
type Tolerance = { readonly share: number; readonly slack: number; readonly unit: 'MiB' | '' }

const mib = 1024 * 1024

/**
 * What leaks grows without end: in ten minutes a leak of one small object a request is dozens of megabytes. The
 * load is random, so that counts vary by what happens to be open; resident memory besides by V8's will.
 */
const tolerances: Readonly<Partial<Record<Gauge, Tolerance>>> = {
  rssBytes: { share: 0.08, slack: 12 * mib, unit: 'MiB' },
  heapUsedBytes: { share: 0.05, slack: 1.5 * mib, unit: 'MiB' },
  externalBytes: { share: 0.15, slack: 12 * mib, unit: 'MiB' },
  fileDescriptors: { share: 0.1, slack: 16, unit: '' },
  handles: { share: 0.1, slack: 12, unit: '' },
  timers: { share: 0.1, slack: 12, unit: '' },
  connections: { share: 0.1, slack: 12, unit: '' },
  parkedFetches: { share: 0.1, slack: 12, unit: '' },
  fetchSessions: { share: 0.1, slack: 12, unit: '' },
  pooledFreeBytes: { share: 0.1, slack: 12 * mib, unit: 'MiB' },
}

type Flatness = {
  readonly rows: readonly (readonly string[])[]
  readonly grown: readonly string[]
}

/** Compares the medians of the second and the last third of the samples. */
export function flatness(samples: readonly Sample[]): Flatness {
  const third = Math.floor(samples.length / 3)
  const rows: string[][] = [['gauge', '', '1st third', '2nd third', 'last third', 'most', 'allowed', 'flat']]
  const grown: string[] = []
  for (const [name, { share, slack, unit }] of Object.entries(tolerances)) {
    const values = samples.map((sample) => sample[name as Gauge])
    const [first, second, last] = [
      median(values.slice(0, third)),
      median(values.slice(third, 2 * third)),
      median(values.slice(2 * third)),
    ]
    const allowed = second * (1 + share) + slack
    const isFlat = last <= allowed
    if (!isFlat) grown.push(name)
    const show = (value: number) => (unit === 'MiB' ? (value / mib).toFixed(1) : value.toFixed(0))
    const figures = [first, second, last, Math.max(...values), allowed].map(show)
    rows.push([name.replace(/Bytes$/, ''), unit, ...figures, isFlat ? 'yes' : 'NO'])
  }
  return { rows, grown }
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b)
  return sorted[Math.floor(sorted.length / 2)] ?? 0
}
