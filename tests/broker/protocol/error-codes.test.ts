import { expect, test } from 'vitest'
import { allErrors, errorCode, errorOf } from '../../../broker/protocol/error-codes.ts'

test('codes run from -1 to 133 without a gap, each with a message', () => {
  const errors = allErrors()
  expect(errors.map(({ code }) => code)).toEqual(Array.from({ length: 135 }, (_, index) => index - 1))
  for (const { message } of errors) expect(message).toMatch(/\.$/)
  expect(new Set(errors.map(({ message }) => message)).size).toBe(errors.length)
})

test('names are Kafka’s', () => {
  expect(errorCode.notLeaderOrFollower).toBe(6)
  expect(errorOf(6)).toMatchObject({ name: 'NOT_LEADER_OR_FOLLOWER', retriable: true })
  expect(errorOf(17)).toMatchObject({ name: 'INVALID_TOPIC_EXCEPTION', retriable: false })
  expect(errorOf(9999).name).toBe('UNKNOWN_SERVER_ERROR')
})
