import { arrayOf, bool, int8, int16, int32, message, string } from '../fields.ts'

export const updateFeaturesRequest = message(
  { name: 'UpdateFeaturesRequest', apiKey: 57, versions: '0-2', flexible: '0+' },
  {
    timeoutMs: int32('0+', { default: 60000 }),
    featureUpdates: arrayOf({
      feature: string(),
      maxVersionLevel: int16(),
      allowDowngrade: bool('0'),
      upgradeType: int8('1+', { default: 1 }),
    }),
    validateOnly: bool('1+', { default: false }),
  },
)

export const updateFeaturesResponse = message(
  { name: 'UpdateFeaturesResponse', apiKey: 57, versions: '0-2', flexible: '0+' },
  {
    throttleTimeMs: int32(),
    errorCode: int16(),
    errorMessage: string('0+', { nullable: '0+' }),
    results: arrayOf(
      { feature: string(), errorCode: int16(), errorMessage: string('0+', { nullable: '0+' }) },
      '0-1',
    ),
  },
)
