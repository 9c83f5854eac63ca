import { expect, test } from 'vitest'
import { bestMatches } from '../../../components/shell/best-matches.ts'

test('the palette puts names that begin with the word first, then the shorter', () => {
  expect(bestMatches(['my-orders', 'orders.us.v2', 'orders'], 'ord', 8)).toEqual([
    'orders',
    'orders.us.v2',
    'my-orders',
  ])
})
