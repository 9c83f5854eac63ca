/** `850 ms`, `12 s`, `3 min 20 s`, `2 h 5 min`, `4 d`; a null is an en dash. */
export function formatDuration(ms: number | null | undefined): string {
  if (ms === null || ms === undefined) return '–'
  if (ms < 0) return `-${formatDuration(-ms)}`
  if (ms < 1000) return `${Math.round(ms)} ms`
  const seconds = Math.round(ms / 1000)
  if (seconds < 60) return `${seconds} s`
  const minutes = Math.floor(seconds / 60)
  if (minutes < 60) return withRest(minutes, 'min', seconds % 60, 's')
  const hours = Math.floor(minutes / 60)
  if (hours < 48) return withRest(hours, 'h', minutes % 60, 'min')
  return withRest(Math.floor(hours / 24), 'd', hours % 24, 'h')
}

function withRest(value: number, unit: string, rest: number, restUnit: string): string {
  return rest === 0 ? `${value} ${unit}` : `${value} ${unit} ${rest} ${restUnit}`
}

const two = (part: number) => String(part).padStart(2, '0')

/** `14:03:09` in the reader's time zone; with `ms`, `14:03:09.120`. */
export function formatClock(timestamp: number, withMs = false): string {
  const date = new Date(timestamp)
  const clock = `${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())}`
  return withMs ? `${clock}.${String(date.getMilliseconds()).padStart(3, '0')}` : clock
}

/** `2026-11-22 14:03:09.120` in the reader's time zone; a negative timestamp is an en dash. */
export function formatTimestamp(timestamp: number | null | undefined): string {
  if (timestamp === null || timestamp === undefined || timestamp < 0) return '–'
  const date = new Date(timestamp)
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())} ${formatClock(timestamp, true)}`
}

/** `just now`, `12 s ago`, `3 min ago`, else the date and time. */
export function formatAgo(timestamp: number, nowMs: number): string {
  const ago = nowMs - timestamp
  if (ago < 2000) return 'just now'
  if (ago < 60_000) return `${Math.round(ago / 1000)} s ago`
  if (ago < 3_600_000) return `${Math.round(ago / 60_000)} min ago`
  if (ago < 86_400_000) return `${Math.round(ago / 3_600_000)} h ago`
  return formatTimestamp(timestamp).slice(0, 16)
}
