/** An inclusive range of API or record versions. `max` is Infinity for an open range such as '3+'. */
export interface VersionRange {
  readonly min: number
  readonly max: number
}

/** How ranges are written beside fields: '0+', '2-5', '3' or 'none'. */
export type Versions = `${number}+` | `${number}-${number}` | `${number}` | 'none'

const none: VersionRange = { min: 1, max: 0 }

export function parseVersions(text: string): VersionRange {
  if (text === 'none') return none
  const match = /^(\d+)(?:(\+)|-(\d+))?$/.exec(text)
  if (!match) throw new TypeError(`not a version range: '${text}' (write '0+', '2-5', '3' or 'none')`)
  const min = Number(match[1])
  if (match[2]) return { min, max: Number.POSITIVE_INFINITY }
  return { min, max: match[3] === undefined ? min : Number(match[3]) }
}

export function includesVersion(range: VersionRange, version: number): boolean {
  return version >= range.min && version <= range.max
}
