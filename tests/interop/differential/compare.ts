import type { World } from './script.ts'

const zeroUuid = 'AAAAAAAAAAAAAAAAAAAAAA'
const identities = [
  ...['resourceType', 'resourceName', 'name', 'partitionIndex', 'source', 'topicId'],
  ...[
    'topic',
    'entityType',
    'key',
    'apiKey',
    'groupId',
    'transactionalId',
    'memberId',
    'protocolName',
    'user',
  ],
]

/** One field whose values differ; undefined: the answer has no such field. */
export type Difference = {
  readonly path: string
  readonly kafka: string | undefined
  readonly ours: string | undefined
}

/** A difference that we mean: where it is (regular expressions on step and path), the values if only some, and why. */
export type MeantDifference = {
  readonly step?: RegExp
  readonly path: RegExp
  readonly kafka?: RegExp
  readonly ours?: RegExp
  readonly reason: string
  /** Words of GAPS.md, where it is more than a plain fact of a node. */
  readonly gap?: string
}

/**
 * An answer as a sorted list of `path = value`, without what differs between any two brokers: random ids become
 * the topic's name, folders and sizes of disks become words, lists are in the order of their keys.
 */
export function flatten(answer: unknown, world: World, sameWords: boolean): Map<string, string> {
  const flat = new Map<string, string>()
  const names = new Map([...world.topicIds].map(([name, id]) => [id, name]))
  walk(normalize(answer, names, sameWords), '', flat)
  return flat
}

/** A normalized answer as a sorted list of `path = value`; lists are in the order of their keys. */
export function flatAnswer(answer: unknown): Map<string, string> {
  const flat = new Map<string, string>()
  walk(answer, '', flat)
  return flat
}

/** The paths whose values differ. */
export function differences(
  kafka: ReadonlyMap<string, string>,
  ours: ReadonlyMap<string, string>,
): Difference[] {
  const paths = [...new Set([...kafka.keys(), ...ours.keys()])].sort()
  return paths
    .filter((path) => kafka.get(path) !== ours.get(path))
    .map((path) => ({ path, kafka: kafka.get(path), ours: ours.get(path) }))
}

/** A difference as a line for a person. */
export function shownDifference({ path, kafka, ours }: Difference): string {
  return `${path}: Kafka ${kafka ?? 'has none'}, ours ${ours ?? 'has none'}`
}

/** Tells the differences that are meant, and remembers which of them it has met. */
export class MeantDifferences {
  readonly #all: readonly MeantDifference[]
  readonly #met = new Set<MeantDifference>()

  constructor(all: readonly MeantDifference[]) {
    this.#all = all
  }

  /** Those that nobody meant. */
  unmeant(step: string, found: readonly Difference[]): Difference[] {
    return found.filter((difference) => !this.#isMeant(step, difference))
  }

  /** Those that occur no longer: what they excuse has been mended. */
  stale(): string[] {
    return this.#all
      .filter((meant) => !this.#met.has(meant))
      .map(({ step, path, reason }) => `${step ?? ''} ${path}: ${reason}`)
  }

  #isMeant(step: string, { path, kafka = 'none', ours = 'none' }: Difference): boolean {
    const meant = this.#all.find(
      (each) =>
        (each.step?.test(step) ?? true) &&
        each.path.test(path) &&
        (each.kafka?.test(kafka) ?? true) &&
        (each.ours?.test(ours) ?? true),
    )
    if (meant) this.#met.add(meant)
    return meant !== undefined
  }
}

function normalize(value: unknown, names: ReadonlyMap<string, string>, sameWords: boolean): unknown {
  if (Array.isArray(value)) return value.map((item) => normalize(item, names, sameWords))
  if (typeof value !== 'object' || value === null) return value
  const entries = Object.entries(value).flatMap(([key, field]): [string, unknown][] => {
    if (key === 'topicId' && typeof field === 'string') return [[key, idName(field, names)]]
    if (key === 'logDir') return [[key, 'the data folder']]
    if (key === 'port') return [[key, 'the port']]
    if (key === 'totalBytes' || key === 'usableBytes') return [[key, Number(field) > 0 ? 'some' : field]]
    if (key === 'documentation') return [[key, field === null ? null : field === '' ? '' : 'some words']]
    if (key === 'errorMessage' && !sameWords) return []
    return [[key, normalize(field, names, sameWords)]]
  })
  return Object.fromEntries(entries)
}

function idName(id: string, names: ReadonlyMap<string, string>): string {
  return id === zeroUuid ? 'zero' : (names.get(id) ?? 'some id')
}

function walk(value: unknown, path: string, flat: Map<string, string>): void {
  if (typeof value !== 'object' || value === null) {
    flat.set(path, JSON.stringify(value))
    return
  }
  if (!Array.isArray(value)) {
    for (const [key, field] of Object.entries(value)) walk(field, path === '' ? key : `${path}.${key}`, flat)
    return
  }
  flat.set(`${path}.length`, String(value.length))
  const seen = new Map<string, number>()
  for (const item of value) {
    const key = identityOf(item)
    const count = seen.get(key) ?? 0
    seen.set(key, count + 1)
    walk(item, `${path}[${key}${count > 0 ? `#${count}` : ''}]`, flat)
  }
}

/** What tells an item of a list from the others. */
function identityOf(item: unknown): string {
  if (typeof item !== 'object' || item === null) return String(item)
  if ('entity' in item && Array.isArray(item.entity)) return item.entity.map(quotaEntityPart).sort().join(' ')
  return Object.entries(item)
    .filter(([key]) => identities.includes(key))
    .map(([, field]) => String(field))
    .join(' ')
}

function quotaEntityPart({ entityType, entityName }: { entityType: string; entityName: string | null }) {
  return `${entityType}:${entityName}`
}
