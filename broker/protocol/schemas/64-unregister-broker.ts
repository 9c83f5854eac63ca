import { int16, int32, message, string } from '../fields.ts'

export const unregisterBrokerRequest = message(
  { name: 'UnregisterBrokerRequest', apiKey: 64, versions: '0', flexible: '0+' },
  { brokerId: int32() },
)

export const unregisterBrokerResponse = message(
  { name: 'UnregisterBrokerResponse', apiKey: 64, versions: '0', flexible: '0+' },
  { throttleTimeMs: int32(), errorCode: int16(), errorMessage: string('0+', { nullable: '0+' }) },
)
