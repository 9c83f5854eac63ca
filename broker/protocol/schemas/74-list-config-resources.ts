import { arrayOf, int8, int16, int32, message, string } from '../fields.ts'

export const listConfigResourcesRequest = message(
  { name: 'ListConfigResourcesRequest', apiKey: 74, versions: '0-1', flexible: '0+' },
  { resourceTypes: arrayOf(int8(), '1+') },
)

export const listConfigResourcesResponse = message(
  { name: 'ListConfigResourcesResponse', apiKey: 74, versions: '0-1', flexible: '0+' },
  {
    throttleTimeMs: int32(),
    errorCode: int16(),
    configResources: arrayOf({ resourceName: string(), resourceType: int8('1+', { default: 16 }) }),
  },
)
