import { int16, int32, int64, message, string } from '../fields.ts'

export const addOffsetsToTxnRequest = message(
  { name: 'AddOffsetsToTxnRequest', apiKey: 25, versions: '0-4', flexible: '3+' },
  { transactionalId: string(), producerId: int64(), producerEpoch: int16(), groupId: string() },
)

export const addOffsetsToTxnResponse = message(
  { name: 'AddOffsetsToTxnResponse', apiKey: 25, versions: '0-4', flexible: '3+' },
  { throttleTimeMs: int32(), errorCode: int16() },
)
