import type { BrokerName } from './brokers.ts'
import { textTable } from './text-table.ts'

/** What a figure is held to: its ratio Millrace ÷ Kafka, or Millrace's own value in the figure's unit. */
export type Goal = { of: 'ratio' | 'value'; atLeast: number } | { of: 'ratio' | 'value'; atMost: number }

export const ratioAtLeast = (atLeast: number): Goal => ({ of: 'ratio', atLeast })
export const ratioAtMost = (atMost: number): Goal => ({ of: 'ratio', atMost })
export const valueAtMost = (atMost: number): Goal => ({ of: 'value', atMost })

/** `better`: which way is good. Without a goal it stands in the table for its own sake. */
export type Figure = { name: string; unit: string; better: 'more' | 'less'; goal?: Goal }

type Samples = Record<BrokerName, number[]>

/** Samples of each figure and broker over the rounds. */
export class Figures {
  private readonly samples = new Map<string, { figure: Figure; of: Samples }>()
  /** Where the brokers' data lies at present: part of each figure's name from now on. */
  place = ''

  add(broker: BrokerName, figure: Figure, value: number): void {
    const name = this.place === '' ? figure.name : `${figure.name} (${this.place})`
    const entry = this.samples.get(name) ?? { figure: { ...figure, name }, of: { kafka: [], millrace: [] } }
    entry.of[broker].push(value)
    this.samples.set(name, entry)
  }

  /** A table with the medians of both, their ratio, its spread over the rounds, the goal and whether it is held. */
  table(): string {
    const rows = [...this.samples.values()].map(({ figure, of }) => {
      const [kafka, millrace] = [median(of.kafka), median(of.millrace)]
      return [
        figure.name,
        figure.unit,
        short(kafka),
        short(millrace),
        Number.isNaN(kafka) ? '–' : `${short(millrace / kafka)}×`,
        spread(of),
        figure.goal ? goalText(figure.goal) : `${figure.better} is better`,
        figure.goal ? (isHeld(figure.goal, of) ? 'held' : 'NOT HELD') : '',
      ]
    })
    const head = ['figure', 'unit', 'kafka', 'millrace', 'ratio', 'rounds', 'goal', '']
    return textTable([head, ...rows])
  }

  /** How many goals there are, and how many are held. */
  goals(): { count: number; held: number } {
    const withGoal = [...this.samples.values()].filter(({ figure }) => figure.goal)
    return {
      count: withGoal.length,
      held: withGoal.filter(({ figure, of }) => isHeld(figure.goal!, of)).length,
    }
  }

  toJson(): unknown {
    return [...this.samples.values()].map(({ figure, of }) => ({
      ...figure,
      ...of,
      medians: { kafka: median(of.kafka), millrace: median(of.millrace) },
      ...(figure.goal ? { held: isHeld(figure.goal, of) } : {}),
    }))
  }
}

export function isHeld(goal: Goal, { kafka, millrace }: Samples): boolean {
  const reached = goal.of === 'ratio' ? median(millrace) / median(kafka) : median(millrace)
  return 'atLeast' in goal ? reached >= goal.atLeast : reached <= goal.atMost
}

function goalText(goal: Goal): string {
  const bound = 'atLeast' in goal ? `≥ ${goal.atLeast}` : `≤ ${goal.atMost}`
  return goal.of === 'ratio' ? `${bound}×` : bound
}

function spread({ kafka, millrace }: Samples): string {
  const each = kafka.length === 0 ? millrace : millrace.map((value, round) => value / (kafka[round] ?? NaN))
  return `${short(Math.min(...each))}–${short(Math.max(...each))}`
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
