import { arrayOf, bool, bytes, int16, int32, message, string } from '../fields.ts'

export const joinGroupRequest = message(
  { name: 'JoinGroupRequest', apiKey: 11, versions: '0-9', flexible: '6+' },
  {
    groupId: string(),
    sessionTimeoutMs: int32(),
    rebalanceTimeoutMs: int32('1+', { default: -1 }),
    memberId: string(),
    groupInstanceId: string('5+', { nullable: '0+', default: null }),
    protocolType: string(),
    protocols: arrayOf({ name: string(), metadata: bytes() }),
    reason: string('8+', { nullable: '0+', default: null }),
  },
)

export const joinGroupResponse = message(
  { name: 'JoinGroupResponse', apiKey: 11, versions: '0-9', flexible: '6+' },
  {
    throttleTimeMs: int32('2+'),
    errorCode: int16(),
    generationId: int32('0+', { default: -1 }),
    protocolType: string('7+', { nullable: '0+', default: null }),
    protocolName: string('0+', { nullable: '7+' }),
    leader: string(),
    skipAssignment: bool('9+', { default: false }),
    memberId: string(),
    members: arrayOf({
      memberId: string(),
      groupInstanceId: string('5+', { nullable: '0+', default: null }),
      metadata: bytes(),
    }),
  },
)
