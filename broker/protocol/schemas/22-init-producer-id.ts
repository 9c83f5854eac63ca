import { int16, int32, int64, message, string } from '../fields.ts'

export const initProducerIdRequest = message(
  { name: 'InitProducerIdRequest', apiKey: 22, versions: '0-5', flexible: '2+' },
  {
    transactionalId: string('0+', { nullable: '0+' }),
    transactionTimeoutMs: int32(),
    producerId: int64('3+', { default: -1 }),
    producerEpoch: int16('3+', { default: -1 }),
  },
)

export const initProducerIdResponse = message(
  { name: 'InitProducerIdResponse', apiKey: 22, versions: '0-5', flexible: '2+' },
  {
    throttleTimeMs: int32(),
    errorCode: int16(),
    producerId: int64('0+', { default: -1 }),
    producerEpoch: int16(),
  },
)
