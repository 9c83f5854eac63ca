import { bool, bytes, int8, int16, int32, message, uuid } from '../fields.ts'

export const pushTelemetryRequest = message(
  { name: 'PushTelemetryRequest', apiKey: 72, versions: '0', flexible: '0+' },
  {
    clientInstanceId: uuid(),
    subscriptionId: int32(),
    terminating: bool(),
    compressionType: int8(),
    metrics: bytes(),
  },
)

export const pushTelemetryResponse = message(
  { name: 'PushTelemetryResponse', apiKey: 72, versions: '0', flexible: '0+' },
  { throttleTimeMs: int32(), errorCode: int16() },
)
