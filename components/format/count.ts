const grouped = new Intl.NumberFormat('en-GB', { maximumFractionDigits: 0 })
const compactUnits = ['', 'K', 'M', 'B', 'T'] as const

/** `1234567` → `1,234,567`; a null is an en dash. */
export function formatCount(count: number | null | undefined): string {
  return count === null || count === undefined ? '–' : grouped.format(count)
}

/** At most four figures: `1,234` stays, `12345` → `12.3K`. For places where width is short. */
export function formatCompact(count: number | null | undefined): string {
  if (count === null || count === undefined) return '–'
  if (Math.abs(count) < 10_000) return grouped.format(count)
  let value = count
  let unit = 0
  while (Math.abs(value) >= 999.5 && unit < compactUnits.length - 1) {
    value /= 1000
    unit++
  }
  return `${value.toFixed(Math.abs(value) < 99.95 ? 1 : 0)}${compactUnits[unit]}`
}

/** A rate with one decimal while it is small: `0.4`, `12`, `12.3K`. Exactly zero is `0`. */
export function formatRate(perSecond: number | null | undefined): string {
  if (perSecond === null || perSecond === undefined) return '–'
  if (perSecond === 0) return '0'
  return Math.abs(perSecond) < 10 ? perSecond.toFixed(1) : formatCompact(Math.round(perSecond))
}

/** `1 topic`, `2 topics`. */
export function plural(count: number, one: string, many = `${one}s`): string {
  return `${formatCount(count)} ${count === 1 ? one : many}`
}
