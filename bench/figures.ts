import type { BrokerName } from './brokers.ts'
import { textTable } from './text-table.ts'

/** Which way is good: for a ratio above one to read as "better than Kafka" or not. */
export type Figure = { name: string; unit: string; better: 'more' | 'less' }

/** Samples of each figure and broker over the rounds. */
export class Figures {
  private readonly samples = new Map<string, { figure: Figure; of: Record<BrokerName, number[]> }>()

  add(broker: BrokerName, figure: Figure, value: number): void {
    const entry = this.samples.get(figure.name) ?? { figure, of: { kafka: [], millrace: [] } }
    entry.of[broker].push(value)
    this.samples.set(figure.name, entry)
  }

  /** A table with the medians of both, their ratio, and the spread of the ratio over the rounds. */
  table(title: string): string {
    const rows = [...this.samples.values()].map(({ figure, of }) => {
      const [kafka, millrace] = [median(of.kafka), median(of.millrace)]
      const ratios = of.millrace.map((value, round) => value / (of.kafka[round] ?? Number.NaN))
      const spread = `${short(Math.min(...ratios))}–${short(Math.max(...ratios))}`
      return [
        figure.name,
        figure.unit,
        short(kafka),
        short(millrace),
        `${short(millrace / kafka)}×`,
        spread,
        figure.better,
      ]
    })
    return textTable([[title, 'unit', 'kafka', 'millrace', 'ratio', 'rounds', 'better'], ...rows])
  }

  toJson(): unknown {
    return [...this.samples.values()].map(({ figure, of }) => ({ ...figure, ...of }))
  }
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b)
  const middle = sorted.length / 2
  if (sorted.length === 0) return Number.NaN
  return sorted.length % 2 === 1 ? sorted[Math.floor(middle)]! : (sorted[middle - 1]! + sorted[middle]!) / 2
}

/** Three significant digits are more than the noise allows. */
function short(value: number): string {
  if (!Number.isFinite(value)) return '–'
  return value >= 100 ? value.toFixed(0) : value >= 10 ? value.toFixed(1) : value.toFixed(2)
}
