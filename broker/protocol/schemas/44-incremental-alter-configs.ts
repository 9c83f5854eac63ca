import { arrayOf, bool, int8, int16, int32, message, string } from '../fields.ts'

export const incrementalAlterConfigsRequest = message(
  { name: 'IncrementalAlterConfigsRequest', apiKey: 44, versions: '0-1', flexible: '1+' },
  {
    resources: arrayOf({
      resourceType: int8(),
      resourceName: string(),
      configs: arrayOf({ name: string(), configOperation: int8(), value: string('0+', { nullable: '0+' }) }),
    }),
    validateOnly: bool(),
  },
)

export const incrementalAlterConfigsResponse = message(
  { name: 'IncrementalAlterConfigsResponse', apiKey: 44, versions: '0-1', flexible: '1+' },
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
