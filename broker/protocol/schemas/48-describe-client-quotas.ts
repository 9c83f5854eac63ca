import { arrayOf, bool, float64, int8, int16, int32, message, string } from '../fields.ts'

export const describeClientQuotasRequest = message(
  { name: 'DescribeClientQuotasRequest', apiKey: 48, versions: '0-1', flexible: '1+' },
  {
    components: arrayOf({ entityType: string(), matchType: int8(), match: string('0+', { nullable: '0+' }) }),
    strict: bool(),
  },
)

export const describeClientQuotasResponse = message(
  { name: 'DescribeClientQuotasResponse', apiKey: 48, versions: '0-1', flexible: '1+' },
  {
    throttleTimeMs: int32(),
    errorCode: int16(),
    errorMessage: string('0+', { nullable: '0+' }),
    entries: arrayOf(
      {
        entity: arrayOf({ entityType: string(), entityName: string('0+', { nullable: '0+' }) }),
        values: arrayOf({ key: string(), value: float64() }),
      },
      '0+',
      { nullable: '0+' },
    ),
  },
)
