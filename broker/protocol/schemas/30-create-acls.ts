import { arrayOf, int8, int16, int32, message, string } from '../fields.ts'

export const createAclsRequest = message(
  { name: 'CreateAclsRequest', apiKey: 30, versions: '1-3', flexible: '2+' },
  {
    creations: arrayOf({
      resourceType: int8(),
      resourceName: string(),
      resourcePatternType: int8('0+', { default: 3 }),
      principal: string(),
      host: string(),
      operation: int8(),
      permissionType: int8(),
    }),
  },
)

export const createAclsResponse = message(
  { name: 'CreateAclsResponse', apiKey: 30, versions: '1-3', flexible: '2+' },
  {
    throttleTimeMs: int32(),
    results: arrayOf({ errorCode: int16(), errorMessage: string('0+', { nullable: '0+' }) }),
  },
)
