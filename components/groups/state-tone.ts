import type { BadgeTone } from '../ui/badge.tsx'

/** Flowing, changing, at rest, or gone: how a group's state looks. */
export function stateTone(state: string): BadgeTone {
  switch (state) {
    case 'Stable':
      return 'flow'
    case 'PreparingRebalance':
    case 'CompletingRebalance':
    case 'Assigning':
    case 'Reconciling':
      return 'warm'
    case 'Dead':
      return 'loss'
    default:
      return 'neutral'
  }
}
