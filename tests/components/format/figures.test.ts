import { expect, test } from 'vitest'
import { formatBytes } from '../../../components/format/bytes.ts'
import {
  alterConfigsLine,
  createTopicLine,
  deleteTopicLine,
} from '../../../components/format/command-line.ts'
import { formatCompact, formatCount, formatRate, plural } from '../../../components/format/count.ts'
import { formatDuration } from '../../../components/format/time.ts'

test.each([
  [null, '–'],
  [0, '0'],
  [9999, '9,999'],
  [12_345, '12.3K'],
  [999_499, '999K'],
  [999_500, '1.0M'],
  [1_234_567_890, '1.2B'],
])('formatCompact(%s) is %s', (count, text) => expect(formatCompact(count)).toBe(text))

test('counts and plurals', () => {
  expect(formatCount(1_234_567)).toBe('1,234,567')
  expect(plural(1, 'topic')).toBe('1 topic')
  expect(plural(2, 'topic')).toBe('2 topics')
})

test.each([
  [0, '0'],
  [0.44, '0.4'],
  [12.6, '13'],
])('formatRate(%s) is %s', (rate, text) => expect(formatRate(rate)).toBe(text))

test.each([
  [1023, '1023 B'],
  [1536, '1.5 KiB'],
  [1024 * 1024 - 1, '1.0 MiB'],
  [null, '–'],
])('formatBytes(%s) is %s', (bytes, text) => expect(formatBytes(bytes)).toBe(text))

test.each([
  [850, '850 ms'],
  [12_000, '12 s'],
  [200_000, '3 min 20 s'],
  [7_500_000, '2 h 5 min'],
  [604_800_000, '7 d'],
])('formatDuration(%s) is %s', (ms, text) => expect(formatDuration(ms)).toBe(text))

test('command lines say what the button does, quoted for a shell', () => {
  const bootstrap = ['h:1']
  expect(
    createTopicLine(bootstrap, {
      name: 't',
      partitions: 3,
      replicationFactor: -1,
      configs: { 'retention.ms': '-1' },
    }),
  ).toBe('kafka-topics.sh --bootstrap-server h:1 --create --topic t --partitions 3 --config retention.ms=-1')
  expect(deleteTopicLine(bootstrap, ["it's"])).toContain(`'it'\\''s'`)
  expect(
    alterConfigsLine(
      bootstrap,
      { type: 'topics', name: 't' },
      { 'cleanup.policy': 'compact,delete', 'retention.ms': null },
    ),
  ).toContain(`--add-config 'cleanup.policy=[compact,delete]' --delete-config retention.ms`)
})
