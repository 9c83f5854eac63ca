import { expect, test } from 'vitest'
import { topicIdText } from '../../../../lib/server/kafka/topic-id.ts'

test('a UUID becomes what Kafka prints, and that stays', () => {
  expect(topicIdText('41e38f3a-1208-4634-878b-4e805f643281')).toBe('QeOPOhIIRjSHi06AX2QygQ')
  expect(topicIdText('QeOPOhIIRjSHi06AX2QygQ')).toBe('QeOPOhIIRjSHi06AX2QygQ')
  // 22 characters of base64 may hold dashes of their own.
  expect(topicIdText('a-b-c-d-eAAAAAAAAAAAAA')).toBe('a-b-c-d-eAAAAAAAAAAAAA')
})
