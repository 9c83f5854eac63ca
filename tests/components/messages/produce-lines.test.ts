import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { mostLines, parseLines } from '../../../components/messages/produce-lines.ts'

describe('parseLines', () => {
  test('takes text as the value and passes over blank lines', () => {
    expect(parseLines('one\n\n  \r\ntwo\n', '')).toEqual({
      records: [
        { key: null, value: 'one' },
        { key: null, value: 'two' },
      ],
      mistakes: [],
    })
  })

  test('splits the key off at the first separator', () => {
    expect(parseLines('a:b:c', ':').records).toEqual([{ key: 'a', value: 'b:c' }])
  })

  test('says which line lacks the separator', () => {
    expect(parseLines('a:1\nb', ':').mistakes).toEqual([
      { line: 2, message: 'No key: there is no “:” in this line.' },
    ])
  })

  test('reads a record given as JSON, whatever the separator', () => {
    const line = '{"key":"k","value":{"n":1},"headers":{"h":"1"},"partition":2,"timestamp":5}'
    expect(parseLines(line, ':').records).toEqual([
      { key: 'k', value: '{"n":1}', headers: [{ key: 'h', value: '1' }], partition: 2, timestamp: 5 },
    ])
  })

  test('a JSON null value is a tombstone', () => {
    expect(parseLines('{"key":"k","value":null}', '').records).toEqual([
      { key: 'k', value: null, headers: [] },
    ])
  })

  test('JSON without a value is a value itself', () => {
    expect(parseLines('{"n":1}', '').records).toEqual([{ key: null, value: '{"n":1}' }])
  })

  test('a partition that is no partition is a mistake', () => {
    expect(parseLines('{"value":"v","partition":-1}', '').mistakes).toHaveLength(1)
  })

  test('too many lines are a mistake', () => {
    expect(parseLines('x\n'.repeat(mostLines + 1), '').mistakes[0]!.line).toBe(mostLines + 1)
  })

  test('any lines without a separator come back as they are', () => {
    const line = fc.string({ minLength: 1 }).filter((text) => text.trim() !== '' && !/[\r\n{]/.test(text))
    fc.assert(
      fc.property(fc.array(line, { minLength: 1, maxLength: 20 }), (lines) => {
        expect(parseLines(lines.join('\n'), '').records.map((record) => record.value)).toEqual(lines)
      }),
    )
  })
})
