import type { Datum, KafkaRecord, ProduceBody, ProduceRecord } from '../../lib/contract/records.ts'

/** What the form of one record holds. Empty `key` with `hasKey` is a key of zero bytes. */
export type Draft = {
  hasKey: boolean
  key: string
  tombstone: boolean
  value: string
  headers: { id: number; key: string; value: string }[]
  /** '' lets the key decide. */
  partition: string
  copies: number
}

export type Sending = {
  compression: NonNullable<ProduceBody['compression']>
  acks: NonNullable<ProduceBody['acks']>
}

export const emptyDraft: Draft = {
  hasKey: true,
  key: '',
  tombstone: false,
  value: '',
  headers: [],
  partition: '',
  copies: 1,
}

/** A record that is there already as a draft; bytes that are no text keep only what their text form says. */
export function draftOf(record: KafkaRecord): Draft {
  return {
    hasKey: record.key.format !== 'null',
    key: textOf(record.key),
    tombstone: record.value.format === 'null',
    value: textOf(record.value),
    headers: record.headers.map((header, id) => ({ id, key: header.key, value: textOf(header.value) })),
    partition: '',
    copies: 1,
  }
}

const textOf = (datum: Datum) => (datum.format === 'null' || datum.format === 'empty' ? '' : datum.text)

/** Whether producing the record again from text gives the same bytes. */
export function isText(record: KafkaRecord): boolean {
  return [record.key, record.value].every(
    (datum) => !datum.truncated && ['null', 'empty', 'json', 'utf8', 'xml'].includes(datum.format),
  )
}

export function recordsOf(draft: Draft): ProduceRecord[] {
  const record: ProduceRecord = {
    key: draft.hasKey ? draft.key : null,
    value: draft.tombstone ? null : draft.value,
    headers: draft.headers.filter((header) => header.key !== '').map(({ key, value }) => ({ key, value })),
    ...(draft.partition === '' ? {} : { partition: Number(draft.partition) }),
  }
  return Array.from({ length: draft.copies }, () => record)
}

const quote = (text: string) => (/^[\w.,:/@=-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`)

/** The kcat call that produces the same record. */
export function kcatCommand(draft: Draft, sending: Sending, topic: string, bootstrap: string): string {
  const parts = ['kcat -P', `-b ${bootstrap}`, `-t ${quote(topic)}`]
  if (draft.partition !== '') parts.push(`-p ${draft.partition}`)
  if (draft.hasKey) parts.push(`-k ${quote(draft.key)}`)
  for (const header of draft.headers)
    if (header.key !== '') parts.push(`-H ${quote(`${header.key}=${header.value}`)}`)
  if (sending.compression !== 'none') parts.push(`-z ${sending.compression}`)
  parts.push(`-X acks=${sending.acks}`)
  return draft.tombstone
    ? `printf '' | ${parts.join(' ')} -Z`
    : `printf %s ${quote(draft.value)} | ${parts.join(' ')}`
}
