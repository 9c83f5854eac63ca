import { formatBytes } from '../format/bytes.ts'
import { formatDuration } from '../format/time.ts'

const unlimited: readonly string[] = [
  'retention.ms',
  'retention.bytes',
  'local.retention.ms',
  'local.retention.bytes',
]
const longest = 9_223_372_036_854_775_807n
const most = 2_147_483_647

/** A config's number in words: `604800000` of `retention.ms` is `7 d`. Empty where the number says it itself. */
export function readable(name: string, value: string | null): string {
  if (value === null || !/^-?\d+$/.test(value)) return ''
  if (BigInt(value) === longest) return 'never'
  const count = Number(value)
  if (count === -1 && unlimited.some((one) => name.endsWith(one))) return 'no limit'
  if (count < 0) return ''
  if (/(^|\.)ms$/.test(name) && count >= 1000) return formatDuration(count)
  if (/(^|\.)bytes$/.test(name) && count >= 1024) return formatBytes(count)
  if (count === most) return 'no limit'
  return ''
}
