import { arrayOf, int16, int32, message, string } from '../fields.ts'

export const listGroupsRequest = message(
  { name: 'ListGroupsRequest', apiKey: 16, versions: '0-5', flexible: '3+' },
  { statesFilter: arrayOf(string(), '4+'), typesFilter: arrayOf(string(), '5+') },
)

export const listGroupsResponse = message(
  { name: 'ListGroupsResponse', apiKey: 16, versions: '0-5', flexible: '3+' },
  {
    throttleTimeMs: int32('1+'),
    errorCode: int16(),
    groups: arrayOf({
      groupId: string(),
      protocolType: string(),
      groupState: string('4+'),
      groupType: string('5+'),
    }),
  },
)
