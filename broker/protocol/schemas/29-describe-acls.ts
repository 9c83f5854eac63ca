import { arrayOf, int8, int16, int32, message, string } from '../fields.ts'

export const describeAclsRequest = message(
  { name: 'DescribeAclsRequest', apiKey: 29, versions: '1-3', flexible: '2+' },
  {
    resourceTypeFilter: int8(),
    resourceNameFilter: string('0+', { nullable: '0+' }),
    patternTypeFilter: int8('0+', { default: 3 }),
    principalFilter: string('0+', { nullable: '0+' }),
    hostFilter: string('0+', { nullable: '0+' }),
    operation: int8(),
    permissionType: int8(),
  },
)

export const describeAclsResponse = message(
  { name: 'DescribeAclsResponse', apiKey: 29, versions: '1-3', flexible: '2+' },
  {
    throttleTimeMs: int32(),
    errorCode: int16(),
    errorMessage: string('0+', { nullable: '0+' }),
    resources: arrayOf({
      resourceType: int8(),
      resourceName: string(),
      patternType: int8('0+', { default: 3 }),
      acls: arrayOf({ principal: string(), host: string(), operation: int8(), permissionType: int8() }),
    }),
  },
)
