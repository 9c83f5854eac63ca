import { arrayOf, bool, bytes, int16, int32, message, string } from '../fields.ts'

export const describeGroupsRequest = message(
  { name: 'DescribeGroupsRequest', apiKey: 15, versions: '0-6', flexible: '5+' },
  { groups: arrayOf(string()), includeAuthorizedOperations: bool('3+') },
)

export const describeGroupsResponse = message(
  { name: 'DescribeGroupsResponse', apiKey: 15, versions: '0-6', flexible: '5+' },
  {
    throttleTimeMs: int32('1+'),
    groups: arrayOf({
      errorCode: int16(),
      errorMessage: string('6+', { nullable: '0+', default: null }),
      groupId: string(),
      groupState: string(),
      protocolType: string(),
      protocolData: string(),
      members: arrayOf({
        memberId: string(),
        groupInstanceId: string('4+', { nullable: '0+', default: null }),
        clientId: string(),
        clientHost: string(),
        memberMetadata: bytes(),
        memberAssignment: bytes(),
      }),
      authorizedOperations: int32('3+', { default: -2147483648 }),
    }),
  },
)
