import { hash } from 'node:crypto'
import { zeroUuid } from '../../../../broker/protocol/reader.ts'

/** What one broker's answer is read with: names for its ids, and which items of a list are the case's own. */
export type Reading = {
  readonly names: ReadonlyMap<string, string>
  readonly key: string
  readonly own: Readonly<Record<string, (item: Record<string, unknown>, key: string) => boolean>>
}

/** What may differ between any two brokers, and the word that stands in its place. Nothing else is changed. */
type Normalization = {
  readonly name: string
  readonly fields: readonly string[]
  readonly to: (value: unknown, reading: Reading) => unknown
}

const sign = (value: unknown) => (typeof value === 'number' && value > 0 ? 'some' : value)
const named =
  (kind: string) =>
  (value: unknown, { names }: Reading) =>
    typeof value === 'string' && value !== '' ? (names.get(value) ?? kind) : value

const normalizations: readonly Normalization[] = [
  {
    name: 'ids of topics are random',
    fields: ['topicId'],
    to: (value, { names }) =>
      value === zeroUuid || value === null
        ? 'zero'
        : (names.get(String(value)) ?? (isAscii(value) ? value : 'a topic id')),
  },
  {
    name: 'ids of members are random where the broker makes them',
    fields: ['memberId', 'leader'],
    to: (value, reading) => (isMadeUp(value) ? named('a member id')(value, reading) : value),
  },
  {
    name: 'producer ids come from blocks',
    fields: ['producerId', 'ongoingTxnProducerId'],
    to: (value, { names }) =>
      names.get(`producer ${value}`) ?? (Number(value) > 5_000 || Number(value) < 0 ? value : sign(value)),
  },
  { name: 'fetch sessions are random', fields: ['sessionId'], to: sign },
  {
    name: 'the clusters are two',
    fields: ['clusterId'],
    to: (value) => (value === null ? null : 'the cluster'),
  },
  { name: 'each listens on a port of its own', fields: ['port'], to: sign },
  { name: 'each has a folder of its own', fields: ['logDir'], to: () => 'the data folder' },
  { name: 'disks fill', fields: ['totalBytes', 'usableBytes'], to: sign },
  {
    name: 'the clock moves on',
    fields: ['logAppendTimeMs', 'transactionStartTimeMs', 'lastTimestamp'],
    to: sign,
  },
  {
    name: 'each metadata log has a length and epochs of its own',
    fields: ['lastFetchTimestamp', 'lastCaughtUpTimestamp'],
    to: sign,
  },
  {
    name: 'explanations of configs have words of their own',
    fields: ['documentation'],
    to: (value) => (value ? 'some words' : value),
  },
  {
    name: 'error messages have words of their own',
    fields: ['errorMessage', 'batchIndexErrorMessage'],
    to: (value) => (value ? 'some words' : 'no words'),
  },
  {
    name: 'how far the metadata log is',
    fields: ['finalizedFeaturesEpoch'],
    to: (value) => (Number(value) >= 0 ? 'some' : value),
  },
]

const byField = new Map(
  normalizations.flatMap(({ fields, to }) => fields.map((field) => [field, to] as const)),
)

/** The answer with words in place of what may differ. */
export function normalized(value: unknown, reading: Reading): unknown {
  if (Buffer.isBuffer(value))
    return value.length === 0 ? 'no bytes' : `${value.length} bytes ${hash('sha256', value)}`
  if (Array.isArray(value)) return value.map((item) => normalized(item, reading))
  if (typeof value === 'string') return withNames(value, reading.names)
  if (typeof value !== 'object' || value === null)
    return typeof value === 'number' && Number.isNaN(value) ? 'NaN' : value
  return Object.fromEntries(
    Object.entries(value).map(([key, field]) => {
      const to = byField.get(key)
      if (to && (typeof field !== 'object' || field === null)) return [key, to(field, reading)]
      const isOwn = reading.own[key]
      const kept = isOwn && Array.isArray(field) ? field.filter((item) => isOwn(item, reading.key)) : field
      return [key, normalized(kept, reading)]
    }),
  )
}

/** Error messages name ids. */
function withNames(text: string, names: ReadonlyMap<string, string>): string {
  if (text.length < 22) return text
  let shown = text
  for (const [id, name] of names)
    if (id.length >= 22 && shown.includes(id)) shown = shown.replaceAll(id, name)
  return shown
}

/** A random id stands at the end of those that a broker makes; the ids that a test gives are words. */
function isMadeUp(value: unknown): boolean {
  return (
    typeof value === 'string' &&
    (/[0-9a-f]{8}-([0-9a-f]{4}-){3}[0-9a-f]{12}$/.test(value) || /^[\w-]{22}$/.test(value))
  )
}

function isAscii(value: unknown): boolean {
  return (
    typeof value === 'string' && Buffer.from(value, 'base64url').every((byte) => byte >= 0x20 && byte < 0x7f)
  )
}
