import type { FieldSpec, Shape } from '../../../../broker/protocol/fields.ts'
import { zeroUuid } from '../../../../broker/protocol/reader.ts'
import { includesVersion } from '../../../../broker/protocol/versions.ts'

/** A change to one field of a complete body; both brokers' bodies (their ids differ) take the same change. */
export type Mutation = {
  readonly kind: 'edge' | 'broken'
  readonly name: string
  apply(body: Record<string, unknown>): Record<string, unknown>
}

type Change = {
  readonly kind: Mutation['kind']
  readonly word: string
  readonly to: (value: unknown) => unknown
}
type Path = readonly (string | number)[]

const limits = {
  int8: 0x7f,
  int16: 0x7fff,
  uint16: 0xffff,
  int32: 0x7fffffff,
  uint32: 0xffffffff,
  int64: Number.MAX_SAFE_INTEGER,
}
const someUuid = 'c29tZXV1aWRzb21ldXVpZA'

const edge = (word: string, value: unknown): Change => ({ kind: 'edge', word, to: () => value })
const broken = (word: string, value: unknown): Change => ({ kind: 'broken', word, to: () => value })

/** Every field of the version, one at a time: empty, null, zero, greatest, twice, long, unicode; unknown, negative. */
/** `unique` keeps what is made under unknown names apart from that of other APIs and versions. */
export function mutationsOf(
  shape: Shape,
  version: number,
  body: Record<string, unknown>,
  unique: string,
): Mutation[] {
  return fieldsOf(shape, version, body, []).flatMap(({ path, field, value }) =>
    changesOf(field, version, value, unique).map(({ kind, word, to }) => ({
      kind,
      name: `${shown(path)} ${word}`,
      apply: (given: Record<string, unknown>) => withValue(given, path, to) as Record<string, unknown>,
    })),
  )
}

function shown(path: Path): string {
  return path
    .map((part) => (typeof part === 'number' ? `[${part}]` : `.${part}`))
    .join('')
    .slice(1)
}

type Place = { readonly path: Path; readonly field: FieldSpec; readonly value: unknown }

function fieldsOf(shape: Shape, version: number, body: Record<string, unknown>, path: Path): Place[] {
  return Object.entries(shape)
    .filter(([, field]) => includesVersion(field.versions, version))
    .flatMap(([name, field]) => within(field, version, body[name], [...path, name]))
}

/** The field and what is inside of it; of a list the first item. */
function within(field: FieldSpec, version: number, value: unknown, path: Path): Place[] {
  const here = { path, field, value }
  if (value === null) return [here]
  if (field.type === 'struct') {
    return [here, ...fieldsOf(field.shape!, version, value as Record<string, unknown>, path)]
  }
  if (field.type !== 'array' || (value as unknown[]).length === 0) return [here]
  const element = field.element!
  const first = (value as unknown[])[0]
  const inside =
    element.type === 'struct'
      ? fieldsOf(element.shape!, version, first as Record<string, unknown>, [...path, 0])
      : within(element, version, first, [...path, 0])
  return [here, ...inside]
}

function changesOf(field: FieldSpec, version: number, value: unknown, unique: string): Change[] {
  const changes = changesOfType(field, value, unique)
  if (includesVersion(field.nullable, version)) changes.push(edge('null', null))
  return changes.filter((change) => !isSame(change.to(value), value))
}

function isSame(a: unknown, b: unknown): boolean {
  return JSON.stringify(a) === JSON.stringify(b)
}

function changesOfType(field: FieldSpec, value: unknown, unique: string): Change[] {
  switch (field.type) {
    case 'bool':
      return [edge('flipped', !value)]
    case 'string':
      return [
        edge('empty', ''),
        edge('unicode', `grüße-😀-${unique}`),
        edge('long', unique.padEnd(300, 'x')),
        broken('unknown', `nobody-knows-${unique}`),
        broken('with a slash', `a/b c ${unique}`),
      ]
    case 'uuid':
      return [edge('zero', zeroUuid), broken('unknown', someUuid)]
    case 'bytes':
      return [edge('empty', Buffer.alloc(0)), broken('strange', Buffer.from([0, 1, 2, 3]))]
    case 'records':
      return recordsChanges(value as Buffer | null)
    case 'array':
      return [
        edge('empty', []),
        ...(value === null
          ? []
          : [{ kind: 'edge' as const, word: 'twice', to: (all: unknown) => twice(all) }]),
      ]
    case 'struct':
      return []
    case 'float64':
      return [0, -1, 0.5, 1e300, Number.NaN, Number.POSITIVE_INFINITY].map((number) =>
        edge(`${number}`, number),
      )
    default:
      return numberChanges(field.type)
  }
}

const twice = (all: unknown) => [...(all as unknown[]), ...(all as unknown[])]

function recordsChanges(value: Buffer | null): Change[] {
  const changes = [edge('empty', Buffer.alloc(0)), broken('strange', Buffer.alloc(80, 7))]
  if (value === null) return changes
  const cut = (all: unknown) => (all as Buffer).subarray(0, (all as Buffer).length - 1)
  const doubled = (all: unknown) => Buffer.concat([all as Buffer, all as Buffer])
  return [
    ...changes,
    { kind: 'broken', word: 'cut', to: cut },
    { kind: 'broken', word: 'doubled', to: doubled },
  ]
}

function numberChanges(type: keyof typeof limits): Change[] {
  const max = limits[type]
  const isSigned = !type.startsWith('u')
  const next = { kind: 'broken' as const, word: 'one more', to: (value: unknown) => (value as number) + 1 }
  const known = [edge('zero', 0), edge('greatest', max)]
  if (!isSigned) return known
  const least = type === 'int64' ? -max : -max - 1
  return [...known, broken('-1', -1), broken('-2', -2), broken('least', least), next]
}

/** A copy with one value changed. */
function withValue(value: unknown, path: Path, to: (value: unknown) => unknown): unknown {
  const [first, ...rest] = path
  if (first === undefined) return to(value)
  if (typeof first === 'number') {
    return (value as unknown[]).map((item, index) => (index === first ? withValue(item, rest, to) : item))
  }
  const fields = value as Record<string, unknown>
  return { ...fields, [first]: withValue(fields[first], rest, to) }
}
