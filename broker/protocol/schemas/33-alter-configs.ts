import { arrayOf, bool, int8, int16, int32, message, string } from '../fields.ts'

export const alterConfigsRequest = message(
  { name: 'AlterConfigsRequest', apiKey: 33, versions: '0-2', flexible: '2+' },
  {
    resources: arrayOf({
      resourceType: int8(),
      resourceName: string(),
      configs: arrayOf({ name: string(), value: string('0+', { nullable: '0+' }) }),
    }),
    validateOnly: bool(),
  },
)

export const alterConfigsResponse = message(
  { name: 'AlterConfigsResponse', apiKey: 33, versions: '0-2', flexible: '2+' },
  {
    throttleTimeMs: int32(),
    responses: arrayOf({
      errorCode: int16(),
      errorMessage: string('0+', { nullable: '0+' }),
      resourceType: int8(),
      resourceName: string(),
    }),
  },
)
