import { arrayOf, int16, int32, int64, message, string, struct, uint16, uuid } from '../fields.ts'

const voter = { voterId: int32(), voterDirectoryId: uuid('1+') }

export const leaderChangeMessage = message(
  { name: 'LeaderChangeMessage', versions: '0-1', flexible: '0+' },
  { version: int16(), leaderId: int32(), voters: arrayOf(voter), grantingVoters: arrayOf(voter) },
)

export const snapshotHeaderRecord = message(
  { name: 'SnapshotHeaderRecord', versions: '0', flexible: '0+' },
  { version: int16(), lastContainedLogTimestamp: int64() },
)

export const snapshotFooterRecord = message(
  { name: 'SnapshotFooterRecord', versions: '0', flexible: '0+' },
  { version: int16() },
)

export const kRaftVersionRecord = message(
  { name: 'KRaftVersionRecord', versions: '0', flexible: '0+' },
  { version: int16(), kRaftVersion: int16() },
)

export const votersRecord = message(
  { name: 'VotersRecord', versions: '0', flexible: '0+' },
  {
    version: int16(),
    voters: arrayOf({
      voterId: int32(),
      voterDirectoryId: uuid(),
      endpoints: arrayOf({ name: string(), host: string(), port: uint16() }),
      kRaftVersionFeature: struct({ minSupportedVersion: int16(), maxSupportedVersion: int16() }),
    }),
  },
)

export const endTxnMarker = message(
  { name: 'EndTxnMarker', versions: '0', flexible: 'none' },
  { coordinatorEpoch: int32() },
)
