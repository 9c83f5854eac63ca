import { arrayOf, int8, int16, int32, int64, message, string, uuid } from '../fields.ts'

const stateBatch = {
  firstOffset: int64(),
  lastOffset: int64(),
  deliveryState: int8(),
  deliveryCount: int16(),
}

export const shareSnapshotKey = message(
  { name: 'ShareSnapshotKey', apiKey: 0, versions: '0', flexible: 'none' },
  { groupId: string(), topicId: uuid(), partition: int32() },
)

export const shareSnapshotValue = message(
  { name: 'ShareSnapshotValue', apiKey: 0, versions: '0', flexible: '0+' },
  {
    snapshotEpoch: int32(),
    stateEpoch: int32(),
    leaderEpoch: int32(),
    startOffset: int64(),
    deliveryCompleteCount: int32('0+', { tag: 0, default: -1 }),
    createTimestamp: int64(),
    writeTimestamp: int64(),
    stateBatches: arrayOf(stateBatch),
  },
)

export const shareUpdateKey = message(
  { name: 'ShareUpdateKey', apiKey: 1, versions: '0', flexible: 'none' },
  { groupId: string(), topicId: uuid(), partition: int32() },
)

export const shareUpdateValue = message(
  { name: 'ShareUpdateValue', apiKey: 1, versions: '0', flexible: '0+' },
  {
    snapshotEpoch: int32(),
    leaderEpoch: int32(),
    startOffset: int64(),
    deliveryCompleteCount: int32('0+', { tag: 0, default: -1 }),
    stateBatches: arrayOf(stateBatch),
  },
)
