import { expect, test } from 'vitest'
import { emptyDraft, kcatCommand, recordsOf } from '../../../components/messages/produce-draft.ts'

const sending = { compression: 'none', acks: 'all' } as const

test('copies repeat the record, and headers without a name are left out', () => {
  const draft = {
    ...emptyDraft,
    key: 'k',
    value: 'v',
    copies: 2,
    headers: [
      { id: 0, key: 'h', value: '1' },
      { id: 1, key: '', value: 'lost' },
    ],
  }
  expect(recordsOf(draft)).toEqual(
    Array(2).fill({ key: 'k', value: 'v', headers: [{ key: 'h', value: '1' }] }),
  )
})

test('no key is null, a tombstone is a null value, a chosen partition is a number', () => {
  const draft = { ...emptyDraft, hasKey: false, tombstone: true, value: 'ignored', partition: '3' }
  expect(recordsOf(draft)).toEqual([{ key: null, value: null, headers: [], partition: 3 }])
})

test('the command line quotes what a shell would take apart', () => {
  const draft = { ...emptyDraft, key: "it's", value: '{"a": 1}' }
  expect(kcatCommand(draft, { compression: 'zstd', acks: '1' }, 'flights', '127.0.0.1:9092')).toBe(
    `printf %s '{"a": 1}' | kcat -P -b 127.0.0.1:9092 -t flights -k 'it'\\''s' -z zstd -X acks=1`,
  )
})

test('a tombstone is sent as null, not as empty', () => {
  expect(kcatCommand({ ...emptyDraft, key: 'k', tombstone: true }, sending, 't', 'h:1')).toContain('-Z')
})
