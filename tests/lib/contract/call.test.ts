import { expect, expectTypeOf, test } from 'vitest'
import { type call, urlOf } from '../../../lib/contract/call.ts'
import type { Topic } from '../../../lib/contract/topics.ts'

test('a URL has its parameters escaped and leaves out what is not set', () => {
  const url = urlOf('GET /api/clusters/{cluster}/topics/{topic}/records', {
    params: { cluster: 'embedded', topic: 'a b' },
    query: { limit: 10, partitions: undefined, position: 'oldest' },
  })
  expect(url).toBe('/api/clusters/embedded/topics/a%20b/records?limit=10&position=oldest')
})

test('input and output are inferred from the contract', () => {
  type Got = Awaited<ReturnType<typeof call<'GET /api/clusters/{cluster}/topics/{topic}'>>>
  expectTypeOf<Got['topic']>().toEqualTypeOf<Topic>()
  // @ts-expect-error a body is needed
  expectTypeOf(urlOf('POST /api/clusters/{cluster}/topics', { params: { cluster: 'x' } })).toBeString()
})
