import {
  parseAsArrayOf,
  parseAsBoolean,
  parseAsInteger,
  parseAsString,
  parseAsStringLiteral,
  useQueryStates,
} from 'nuqs'
import type { BrowseQuery, Filter, Position } from '../../lib/contract/records.ts'

export const positions = [
  'newest',
  'oldest',
  'offset',
  'time',
  'group',
] as const satisfies readonly Position[]
export const decoderChoices = ['auto', 'json', 'utf8', 'hex', 'msgpack', 'cbor', 'xml'] as const
const filterKinds = ['text', 'cel'] as const
export const filterFields = ['any', 'key', 'value', 'headers'] as const

/** What the Messages tab shows, all of it in the URL: a link shows what I see. */
const parsers = {
  position: parseAsStringLiteral(positions).withDefault('newest'),
  offset: parseAsInteger.withDefault(0),
  time: parseAsInteger,
  group: parseAsString.withDefault(''),
  partitions: parseAsArrayOf(parseAsInteger).withDefault([]),
  filter: parseAsString.withDefault(''),
  filterKind: parseAsStringLiteral(filterKinds).withDefault('text'),
  filterIn: parseAsStringLiteral(filterFields).withDefault('any'),
  committed: parseAsBoolean.withDefault(false),
  keyAs: parseAsStringLiteral(decoderChoices).withDefault('auto'),
  valueAs: parseAsStringLiteral(decoderChoices).withDefault('auto'),
  tail: parseAsBoolean.withDefault(false),
  /** `partition:offset` of the record that is open. */
  record: parseAsString,
}

export function useMessagesView() {
  return useQueryStates(parsers, {
    history: 'replace',
    urlKeys: {
      position: 'from',
      time: 'at',
      partitions: 'p',
      filter: 'q',
      filterKind: 'qk',
      filterIn: 'qin',
      keyAs: 'ka',
      valueAs: 'va',
      record: 'r',
    },
  })
}

export type MessagesView = ReturnType<typeof useMessagesView>[0]
export type SetMessagesView = ReturnType<typeof useMessagesView>[1]

const pageSize = 100

export function browseQueryOf(view: MessagesView): BrowseQuery {
  return {
    position: view.position,
    ...(view.position === 'offset' ? { offset: view.offset } : {}),
    ...(view.position === 'time' ? { timestamp: view.time ?? 0 } : {}),
    ...(view.position === 'group' ? { group: view.group } : {}),
    ...(view.partitions.length > 0 ? { partitions: view.partitions.join(',') } : {}),
    isolation: view.committed ? 'read_committed' : 'read_uncommitted',
    keyDecoder: view.keyAs,
    valueDecoder: view.valueAs,
    limit: pageSize,
  }
}

/** Whether the position has what it needs: a time, a group's name. */
export function isComplete(view: MessagesView): boolean {
  if (view.position === 'time') return view.time !== null
  if (view.position === 'group') return view.group !== ''
  return true
}

export function filterOf(view: MessagesView): Filter | null {
  const text = view.filter.trim()
  if (text === '') return null
  return view.filterKind === 'cel'
    ? { kind: 'cel', expression: text }
    : { kind: 'text', text, in: view.filterIn }
}

export function recordId(record: { partition: number; offset: number }): string {
  return `${record.partition}:${record.offset}`
}
