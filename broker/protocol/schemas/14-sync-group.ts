import { arrayOf, bytes, int16, int32, message, string } from '../fields.ts'

export const syncGroupRequest = message(
  { name: 'SyncGroupRequest', apiKey: 14, versions: '0-5', flexible: '4+' },
  {
    groupId: string(),
    generationId: int32(),
    memberId: string(),
    groupInstanceId: string('3+', { nullable: '0+', default: null }),
    protocolType: string('5+', { nullable: '0+', default: null }),
    protocolName: string('5+', { nullable: '0+', default: null }),
    assignments: arrayOf({ memberId: string(), assignment: bytes() }),
  },
)

export const syncGroupResponse = message(
  { name: 'SyncGroupResponse', apiKey: 14, versions: '0-5', flexible: '4+' },
  {
    throttleTimeMs: int32('1+'),
    errorCode: int16(),
    protocolType: string('5+', { nullable: '0+', default: null }),
    protocolName: string('5+', { nullable: '0+', default: null }),
    assignment: bytes(),
  },
)
