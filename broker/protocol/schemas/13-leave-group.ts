import { arrayOf, int16, int32, message, string } from '../fields.ts'

export const leaveGroupRequest = message(
  { name: 'LeaveGroupRequest', apiKey: 13, versions: '0-5', flexible: '4+' },
  {
    groupId: string(),
    memberId: string('0-2'),
    members: arrayOf(
      {
        memberId: string(),
        groupInstanceId: string('0+', { nullable: '0+', default: null }),
        reason: string('5+', { nullable: '0+', default: null }),
      },
      '3+',
    ),
  },
)

export const leaveGroupResponse = message(
  { name: 'LeaveGroupResponse', apiKey: 13, versions: '0-5', flexible: '4+' },
  {
    throttleTimeMs: int32('1+'),
    errorCode: int16(),
    members: arrayOf(
      { memberId: string(), groupInstanceId: string('0+', { nullable: '0+' }), errorCode: int16() },
      '3+',
    ),
  },
)
