import { arrayOf, int16, int32, message, string } from '../fields.ts'

export const deleteGroupsRequest = message(
  { name: 'DeleteGroupsRequest', apiKey: 42, versions: '0-2', flexible: '2+' },
  { groupsNames: arrayOf(string()) },
)

export const deleteGroupsResponse = message(
  { name: 'DeleteGroupsResponse', apiKey: 42, versions: '0-2', flexible: '2+' },
  { throttleTimeMs: int32(), results: arrayOf({ groupId: string(), errorCode: int16() }) },
)
