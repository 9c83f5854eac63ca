import { arrayOf, bool, int16, int32, message, string, uint16, uuid } from '../fields.ts'

export const addRaftVoterRequest = message(
  { name: 'AddRaftVoterRequest', apiKey: 80, versions: '0-1', flexible: '0+' },
  {
    clusterId: string('0+', { nullable: '0+' }),
    timeoutMs: int32(),
    voterId: int32(),
    voterDirectoryId: uuid(),
    listeners: arrayOf({ name: string(), host: string(), port: uint16() }),
    ackWhenCommitted: bool('1+', { default: true }),
  },
)

export const addRaftVoterResponse = message(
  { name: 'AddRaftVoterResponse', apiKey: 80, versions: '0-1', flexible: '0+' },
  { throttleTimeMs: int32(), errorCode: int16(), errorMessage: string('0+', { nullable: '0+' }) },
)
