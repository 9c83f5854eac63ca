import { createRecordsBatch } from '@platformatic/kafka'
import { describe, expect, test } from 'vitest'
import { checkFilter, compileFilter } from '../../../../lib/server/records/filter.ts'
import { cursorsOf, RecordCursor } from '../../../../lib/server/records/record-reader.ts'
import { patternFault } from '../../../../lib/server/records/safe-pattern.ts'

const decoders = { keyDecoder: 'auto', valueDecoder: 'auto' } as const
const values = [
  '{"user":"ada","amount":15,"tags":["a","b"],"city":"M\\u00fcnchen"}',
  '{"user":"bob","amount":3.5}',
  'plain TEXT, Ärger',
  '{"user":"\\u0061da","amount":1}',
]
const bytes = Buffer.from(
  createRecordsBatch(
    values.map((value, i) => ({
      topic: 't',
      key: Buffer.from(`key-${i}`),
      value: Buffer.from(value),
      timestamp: 1_700_000_000_000n + BigInt(i),
      headers: new Map([[Buffer.from('trace'), Buffer.from(`id-${i}`)]]),
    })),
  ).buffer,
)

function hits(filter: ReturnType<typeof compileFilter>): number[] {
  const found: number[] = []
  for (const cursor of cursorsOf(bytes, 3)) {
    if (!filter.mayMatch(cursor.batchBytes)) continue
    while (cursor.next()) if (filter.matches(cursor)) found.push(cursor.offset)
  }
  return found
}

const text = (needle: string, where = 'any', caseSensitive = false) =>
  hits(compileFilter({ kind: 'text', text: needle, in: where as 'any', caseSensitive }, decoders))
const cel = (expression: string) => hits(compileFilter({ kind: 'cel', expression }, decoders))

describe('text filter', () => {
  test.each([
    ['plain text', 'any', [2]],
    ['ärger', 'any', [2]],
    ['KEY-1', 'key', [1]],
    ['key-1', 'value', []],
    ['id-3', 'headers', [3]],
    ['trace', 'any', [0, 1, 2, 3]],
    ['nowhere', 'any', []],
  ])('%s in %s', (needle, where, expected) => expect(text(needle, where)).toEqual(expected))

  test('case can matter', () => {
    expect(text('text', 'any', true)).toEqual([])
    expect(text('TEXT', 'any', true)).toEqual([2])
  })
})

describe('CEL filter', () => {
  test.each([
    ['value.amount > 10', [0]],
    ['value.amount + 1 > 4.0', [0, 1]],
    ['value.user == "bob"', [1]],
    // A JSON escape hides the letters from a look at the bytes.
    ['value.user == "ada"', [0, 3]],
    ['"b" in value.tags', [0]],
    ['key == "key-2" && offset == 2', [2]],
    ['offset % 2 == 1', [1, 3]],
    ['partition == 3 && timestamp >= 1700000000002', [2, 3]],
    ['headers.trace == "id-1"', [1]],
    ['has(value.tags)', [0]],
    ['key.matches("^key-[01]$")', [0, 1]],
  ])('%s', (expression, expected) => expect(cel(expression)).toEqual(expected))

  test('a field that a record has not is no match and counted', () => {
    const filter = compileFilter({ kind: 'cel', expression: 'value.tags[0] == "a"' }, decoders)
    expect(hits(filter)).toEqual([0])
    expect(filter.errors).toBeGreaterThan(0)
    expect(filter.firstError).toContain('tags')
  })

  test('it works on a record that was read before', () => {
    const cursor = [...cursorsOf(bytes, 3)][0]!
    cursor.next()
    const filter = compileFilter({ kind: 'cel', expression: 'value.user == "ada"' }, decoders)
    expect(filter.matches(RecordCursor.over(cursor.record()))).toBe(true)
  })

  test.each(['value.amount >', 'nosuch == 1', 'key.matches(value)', 'constructor', 'key.matches("(a+)+$")'])(
    '%s is refused with a reason',
    (expression) => {
      expect(checkFilter({ kind: 'cel', expression })).toMatchObject({ ok: false })
      expect(() => compileFilter({ kind: 'cel', expression }, decoders)).toThrow(/does not parse/)
    },
  )

  test('an expression that breaks off is told in plain words', () => {
    expect(checkFilter({ kind: 'cel', expression: 'value.amount >' }).message).toMatch(/^The expression ends/)
  })

  test.each(['(a+)+', '(a|aa)*b', '((a)*)*', '(?=x)', '(a)\\1', 'a'.repeat(201)])(
    'the pattern %s could run away',
    (p) => expect(patternFault(p)).toBeDefined(),
  )
  test.each(['^a+b*$', '(abc)+', '[a-z]{2,5}', 'x|y'])('the pattern %s is fine', (p) =>
    expect(patternFault(p)).toBeUndefined(),
  )
})
