import { describe, expect, test } from 'vitest'
import { errorCode } from '../../../broker/protocol/error-codes.ts'
import { ApiTallies } from '../../../broker/telemetry/api-figures.ts'
import { LatencyHistogram } from '../../../broker/telemetry/latency-histogram.ts'
import { Rate } from '../../../broker/telemetry/rate.ts'
import { firstErrorCode, renderMessage } from '../../../broker/telemetry/rendered-message.ts'

describe('a rate', () => {
  test('is the mean of the last ten whole seconds, and falls to nothing', () => {
    const rate = new Rate(0)
    for (let second = 0; second < 20; second++) rate.add(second * 1000, 50)
    expect(rate.perSecond(20_000)).toBe(50)
    expect(rate.perSecond(25_000)).toBe(25)
    expect(rate.perSecond(31_000)).toBe(0)
  })

  test('of something young counts the time that there was', () => {
    const rate = new Rate(0)
    rate.add(500, 30)
    expect(rate.perSecond(1000)).toBe(30)
    expect(rate.perSecond(3000)).toBe(10)
  })
})

describe('a latency histogram', () => {
  test('gives quantiles within a tenth, and the greatest exactly', () => {
    const histogram = new LatencyHistogram(0)
    for (let count = 1; count <= 1000; count++) histogram.add(0, count / 10)
    const { p50, p99, max } = histogram.summary(0)!
    expect(p50).toBeGreaterThanOrEqual(50)
    expect(p50).toBeLessThan(55)
    expect(p99).toBeGreaterThanOrEqual(99)
    expect(p99).toBeLessThanOrEqual(100)
    expect(max).toBe(100)
  })

  test('forgets after two minutes', () => {
    const histogram = new LatencyHistogram(0)
    expect(histogram.summary(0)).toBeNull()
    histogram.add(0, 5)
    expect(histogram.summary(61_000)).not.toBeNull()
    expect(histogram.summary(122_000)).toBeNull()
  })
})

test('tallies count requests and errors by API', () => {
  const tallies = new ApiTallies()
  tallies.add(1, 'Fetch', 0, 2, 0)
  tallies.add(0, 'Produce', 0, 1, 0)
  tallies.add(0, 'Produce', 0, 1, errorCode.messageTooLarge)
  expect(tallies.figures(1000)).toMatchObject([
    {
      apiKey: 0,
      api: 'Produce',
      requests: 2,
      errors: [{ error: 'MESSAGE_TOO_LARGE', count: 1 }],
      requestsPerSecond: 2,
    },
    { apiKey: 1, api: 'Fetch', requests: 1, errors: [] },
  ])
})

describe('a rendered message', () => {
  test('is plain and bounded: buffers, long texts, long arrays, depth', () => {
    const topics = Array.from({ length: 25 }, (_, index) => ({ index, records: Buffer.alloc(10) }))
    const rendered = renderMessage({
      topics,
      chunks: [Buffer.alloc(3), Buffer.alloc(4)],
      text: 'x'.repeat(1000),
    })
    expect(rendered).toMatchObject({ chunks: '<7 bytes>' })
    const { topics: shown, text } = rendered as { topics: unknown[]; text: string }
    expect(shown).toHaveLength(21)
    expect(shown[0]).toEqual({ index: 0, records: '<10 bytes>' })
    expect(shown[20]).toBe('… 5 more')
    expect(text.length).toBeLessThan(300)
    const nested: { inner?: unknown } = {}
    nested.inner = nested
    expect(JSON.stringify(renderMessage(nested)).length).toBeLessThan(500)
  })

  test('the first error code is found wherever it stands', () => {
    const partitions = [{ errorCode: 0 }, { errorCode: 3 }]
    expect(firstErrorCode({ errorCode: 0, topics: [{ name: 't', partitions }] })).toBe(3)
    expect(firstErrorCode({ errorCode: 41, topics: [] })).toBe(41)
    expect(firstErrorCode({ topics: [{ partitions: [{ errorCode: 0, ids: [1, 2] }] }] })).toBe(0)
    expect(firstErrorCode(undefined)).toBe(0)
  })
})
