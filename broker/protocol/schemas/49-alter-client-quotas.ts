import { arrayOf, bool, float64, int16, int32, message, string } from '../fields.ts'

const entityData = { entityType: string(), entityName: string('0+', { nullable: '0+' }) }

export const alterClientQuotasRequest = message(
  { name: 'AlterClientQuotasRequest', apiKey: 49, versions: '0-1', flexible: '1+' },
  {
    entries: arrayOf({
      entity: arrayOf(entityData),
      ops: arrayOf({ key: string(), value: float64(), remove: bool() }),
    }),
    validateOnly: bool(),
  },
)

export const alterClientQuotasResponse = message(
  { name: 'AlterClientQuotasResponse', apiKey: 49, versions: '0-1', flexible: '1+' },
  {
    throttleTimeMs: int32(),
    entries: arrayOf({
      errorCode: int16(),
      errorMessage: string('0+', { nullable: '0+' }),
      entity: arrayOf(entityData),
    }),
  },
)
