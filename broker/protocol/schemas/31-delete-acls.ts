import { arrayOf, int8, int16, int32, message, string } from '../fields.ts'

export const deleteAclsRequest = message(
  { name: 'DeleteAclsRequest', apiKey: 31, versions: '1-3', flexible: '2+' },
  {
    filters: arrayOf({
      resourceTypeFilter: int8(),
      resourceNameFilter: string('0+', { nullable: '0+' }),
      patternTypeFilter: int8('0+', { default: 3 }),
      principalFilter: string('0+', { nullable: '0+' }),
      hostFilter: string('0+', { nullable: '0+' }),
      operation: int8(),
      permissionType: int8(),
    }),
  },
)

export const deleteAclsResponse = message(
  { name: 'DeleteAclsResponse', apiKey: 31, versions: '1-3', flexible: '2+' },
  {
    throttleTimeMs: int32(),
    filterResults: arrayOf({
      errorCode: int16(),
      errorMessage: string('0+', { nullable: '0+' }),
      matchingAcls: arrayOf({
        errorCode: int16(),
        errorMessage: string('0+', { nullable: '0+' }),
        resourceType: int8(),
        resourceName: string(),
        patternType: int8('0+', { default: 3 }),
        principal: string(),
        host: string(),
        operation: int8(),
        permissionType: int8(),
      }),
    }),
  },
)
