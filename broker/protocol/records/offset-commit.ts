import { int32, int64, message, string, uuid } from '../fields.ts'

export const legacyOffsetCommitKey = message(
  { name: 'LegacyOffsetCommitKey', apiKey: 0, versions: '0', flexible: 'none' },
  { group: string(), topic: string(), partition: int32() },
)

export const legacyOffsetCommitValue = message(
  { name: 'LegacyOffsetCommitValue', apiKey: 0, versions: '0', flexible: 'none' },
  { offset: int64(), metadata: string(), commitTimestamp: int64() },
)

export const offsetCommitKey = message(
  { name: 'OffsetCommitKey', apiKey: 1, versions: '0', flexible: 'none' },
  { group: string(), topic: string(), partition: int32() },
)

export const offsetCommitValue = message(
  { name: 'OffsetCommitValue', apiKey: 1, versions: '0-4', flexible: '4+' },
  {
    offset: int64(),
    leaderEpoch: int32('3+', { default: -1 }),
    metadata: string(),
    commitTimestamp: int64(),
    expireTimestamp: int64('1', { default: -1 }),
    topicId: uuid('4+', { tag: 0 }),
  },
)
