import { bool, int16, int32, int64, message, string } from '../fields.ts'

export const endTxnRequest = message(
  { name: 'EndTxnRequest', apiKey: 26, versions: '0-5', flexible: '3+' },
  { transactionalId: string(), producerId: int64(), producerEpoch: int16(), committed: bool() },
)

export const endTxnResponse = message(
  { name: 'EndTxnResponse', apiKey: 26, versions: '0-5', flexible: '3+' },
  {
    throttleTimeMs: int32(),
    errorCode: int16(),
    producerId: int64('5+', { default: -1 }),
    producerEpoch: int16('5+', { default: -1 }),
  },
)
