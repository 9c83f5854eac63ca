import { arrayOf, bool, int8, int16, int32, message, string, uuid } from '../fields.ts'

export const getTelemetrySubscriptionsRequest = message(
  { name: 'GetTelemetrySubscriptionsRequest', apiKey: 71, versions: '0', flexible: '0+' },
  { clientInstanceId: uuid() },
)

export const getTelemetrySubscriptionsResponse = message(
  { name: 'GetTelemetrySubscriptionsResponse', apiKey: 71, versions: '0', flexible: '0+' },
  {
    throttleTimeMs: int32(),
    errorCode: int16(),
    clientInstanceId: uuid(),
    subscriptionId: int32(),
    acceptedCompressionTypes: arrayOf(int8()),
    pushIntervalMs: int32(),
    telemetryMaxBytes: int32(),
    deltaTemporality: bool(),
    requestedMetrics: arrayOf(string()),
  },
)
