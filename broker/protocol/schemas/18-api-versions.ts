import { arrayOf, bool, int16, int32, int64, message, string } from '../fields.ts'

export const apiVersionsRequest = message(
  { name: 'ApiVersionsRequest', apiKey: 18, versions: '0-4', flexible: '3+' },
  { clientSoftwareName: string('3+'), clientSoftwareVersion: string('3+') },
)

export const apiVersionsResponse = message(
  { name: 'ApiVersionsResponse', apiKey: 18, versions: '0-4', flexible: '3+' },
  {
    errorCode: int16(),
    apiKeys: arrayOf({ apiKey: int16(), minVersion: int16(), maxVersion: int16() }),
    throttleTimeMs: int32('1+'),
    supportedFeatures: arrayOf({ name: string(), minVersion: int16(), maxVersion: int16() }, '3+', {
      tag: 0,
    }),
    finalizedFeaturesEpoch: int64('3+', { tag: 1, default: -1 }),
    finalizedFeatures: arrayOf({ name: string(), maxVersionLevel: int16(), minVersionLevel: int16() }, '3+', {
      tag: 2,
    }),
    zkMigrationReady: bool('3+', { tag: 3, default: false }),
  },
)
