import { expect, test } from 'vitest'
import { allErrors } from '../../../broker/protocol/error-codes.ts'
import { errorCount, stepMeaning } from '../../../components/brokers/ordinary-steps.ts'

test('ordinary steps of the protocol are not counted as errors', () => {
  const errors = [
    { error: 'MEMBER_ID_REQUIRED', count: 2 },
    { error: 'REBALANCE_IN_PROGRESS', count: 5 },
    { error: 'UNKNOWN_MEMBER_ID', count: 1 },
    { error: 'INVALID_GROUP_ID', count: 3 },
  ]
  expect(errorCount(errors)).toBe(4)
  expect(errorCount([])).toBe(0)
})

test('of Kafka’s errors nine are steps, under names that exist', () => {
  expect(allErrors().filter(({ name }) => stepMeaning(name) !== undefined)).toHaveLength(9)
})
