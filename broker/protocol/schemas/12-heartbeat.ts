import { int16, int32, message, string } from '../fields.ts'

export const heartbeatRequest = message(
  { name: 'HeartbeatRequest', apiKey: 12, versions: '0-4', flexible: '4+' },
  {
    groupId: string(),
    generationId: int32(),
    memberId: string(),
    groupInstanceId: string('3+', { nullable: '0+', default: null }),
  },
)

export const heartbeatResponse = message(
  { name: 'HeartbeatResponse', apiKey: 12, versions: '0-4', flexible: '4+' },
  { throttleTimeMs: int32('1+'), errorCode: int16() },
)
