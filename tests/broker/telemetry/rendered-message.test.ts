import { describe, expect, test } from 'vitest'
import { renderMessage } from '../../../broker/telemetry/rendered-message.ts'

const numbers = (count: number) => Array.from({ length: count }, (_, index) => index)

describe('a rendered message', () => {
  test('says how long bytes are, and cuts what is long', () => {
    expect(renderMessage({ records: Buffer.alloc(5), many: numbers(22), text: 'x'.repeat(300) })).toEqual({
      records: '<5 bytes>',
      many: [...numbers(20), '… 2 more'],
      text: `${'x'.repeat(256)}… 300 characters`,
    })
  })

  test('is small, however its arrays are nested', () => {
    const topics = numbers(50).map((topic) => ({
      topic,
      partitions: numbers(50).map((index) => ({ index })),
    }))
    const text = JSON.stringify(renderMessage({ topics }))
    expect(text.length).toBeLessThan(5_000)
    expect(text).toContain('… 30 more')
    expect(text).toContain('… 45 more')
  })
})
