import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { RegexSyntaxError } from '../../../broker/coordinator/group/consumer/regex-parser.ts'
import { TopicRegex } from '../../../broker/coordinator/group/consumer/topic-regex.ts'

const matches = (pattern: string, topic: string) => new TopicRegex(pattern).matches(topic)

describe('topic patterns', () => {
  test.each([
    ['.*', 'anything', true],
    ['a.c', 'abc', true],
    ['a.c', 'abcd', false],
    ['orders', 'orders-eu', false],
    ['orders-.+', 'orders-', false],
    ['(?i)ORDERS', 'orders', true],
    ['(?i:OR)ders', 'orders', true],
    ['(?i:OR)DERS', 'orders', false],
    ['a{2,3}', 'aa', true],
    ['a{2,3}', 'aaaa', false],
    ['a{2,}', 'aaaa', true],
    ['a{2}', 'aaa', false],
    ['[a-c]+', 'abcab', true],
    ['[^a-c]+', 'xyz', true],
    ['[^a-c]+', 'xaz', false],
    ['[]a]+', ']a', true],
    ['[a-]+', 'a-', true],
    ['[[:digit:]_]+', '12_3', true],
    ['\\d+\\.\\w*', '42.x_', true],
    ['\\Qa.b\\E', 'a.b', true],
    ['\\Qa.b\\E', 'axb', false],
    ['\\pL+', 'abc', true],
    ['\\p{Greek}', 'α', true],
    ['\\x61', 'a', true],
    ['^a$', 'a', true],
    ['a\\b-b', 'a-b', true],
    ['(a|b|)c', 'c', true],
    ['(?P<name>a)(?:b)', 'ab', true],
    ['(a*)*', 'aaa', true],
    ['', '', true],
    ['', 'a', false],
  ])('%s on %s: %s', (pattern, topic, expected) => {
    expect(matches(pattern, topic)).toBe(expected)
  })

  test.each([
    '(',
    ')',
    'a(',
    '[a',
    '*a',
    'a**',
    '(?=a)',
    '(?<!a)',
    '(a)\\1',
    'a{2,1}',
    'a{1001}',
    '\\q',
    '[z-a]',
    '\\p{Nope}',
    '[[:nope:]]',
    '\\',
  ])('%s is refused', (pattern) => {
    expect(() => new TopicRegex(pattern)).toThrow(RegexSyntaxError)
  })

  test('a pattern that asks for a program beyond all bounds is refused, not built', () => {
    expect(() => new TopicRegex('(((a{1000}){1000}){1000}){1000}')).toThrow(RegexSyntaxError)
    expect(() => new TopicRegex('a'.repeat(5_000))).toThrow(RegexSyntaxError)
    expect(() => new TopicRegex('('.repeat(1_000))).toThrow(RegexSyntaxError)
  })

  test('what makes a backtracking engine run for ages is linear here', () => {
    expect(matches('(a+)+b', 'a'.repeat(200))).toBe(false)
    expect(matches('(a|a)*b', 'a'.repeat(200))).toBe(false)
  })

  test('agrees with RegExp where both have a say', () => {
    const atom = fc.constantFrom('a', 'b', '.', '[ab]', '[^a]', '(a|b)', '(ab)', '\\d', '\\w')
    const quantifier = fc.constantFrom('', '', '*', '+', '?', '{2}', '{1,2}', '*?')
    const pattern = fc
      .array(fc.tuple(atom, quantifier), { maxLength: 5 })
      .map((parts) => parts.flat().join(''))
    const topic = fc.string({ unit: fc.constantFrom('a', 'b', 'c', '1', '-'), maxLength: 8 })
    fc.assert(
      fc.property(pattern, topic, (text, name) => {
        expect(matches(text, name)).toBe(new RegExp(`^(?:${text})$`).test(name))
      }),
      { numRuns: 500 },
    )
  })
})
