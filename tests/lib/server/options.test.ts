import { describe, expect, test } from 'vitest'
import { OptionError, parseOptions } from '../../../lib/server/options.ts'

describe('options', () => {
  test('defaults', () => {
    expect(parseOptions([], {})).toMatchObject({
      port: 3000,
      kafkaPort: 9092,
      host: '127.0.0.1',
      broker: true,
    })
    expect(parseOptions([], {}).dataDir).toMatch(/data$/)
  })
  test('flags win over the environment', () => {
    const env = { MILLRACE_PORT: '4000', MILLRACE_KAFKA_PORT: '5000', MILLRACE_EPHEMERAL: '1' }
    const options = parseOptions(['--port', '4001', '--bootstrap', 'a:1, b:2'], env)
    expect(options).toMatchObject({
      port: 4001,
      kafkaPort: 5000,
      dataDir: undefined,
      bootstrap: ['a:1', 'b:2'],
    })
  })
  test.each([
    [['--port', 'x']],
    [['--no-broker']],
    [['--nonsense']],
    [['--bootstrap', 'host']],
    [['--port', '70000']],
  ])('%j is refused in one line', (args) => {
    expect(() => parseOptions(args, {})).toThrow(OptionError)
    expect(() => parseOptions(args, {})).toThrow(/^[^\n]+$/)
  })
})
