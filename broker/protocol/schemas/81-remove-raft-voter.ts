import { int16, int32, message, string, uuid } from '../fields.ts'

export const removeRaftVoterRequest = message(
  { name: 'RemoveRaftVoterRequest', apiKey: 81, versions: '0', flexible: '0+' },
  { clusterId: string('0+', { nullable: '0+' }), voterId: int32(), voterDirectoryId: uuid() },
)

export const removeRaftVoterResponse = message(
  { name: 'RemoveRaftVoterResponse', apiKey: 81, versions: '0', flexible: '0+' },
  { throttleTimeMs: int32(), errorCode: int16(), errorMessage: string('0+', { nullable: '0+' }) },
)
