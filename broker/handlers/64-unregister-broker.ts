import { errorCode } from '../protocol/error-codes.ts'
import type {
  unregisterBrokerRequest,
  unregisterBrokerResponse,
} from '../protocol/schemas/64-unregister-broker.ts'
import type { Handler } from './handler.ts'

/**
 * UnregisterBroker v0. Kafka lets its only broker be unregistered while it runs, and every partition is without a
 * leader until it is started again: refused here (GAPS.md).
 */
export const unregisterBroker: Handler<typeof unregisterBrokerRequest, typeof unregisterBrokerResponse> = (
  { node },
  { brokerId },
) => {
  const isRegistered = node.image.brokers().some(({ nodeId }) => nodeId === brokerId)
  return isRegistered
    ? {
        throttleTimeMs: 0,
        errorCode: errorCode.invalidRequest,
        errorMessage: `Broker ID ${brokerId} is running, and would leave its partitions without a leader`,
      }
    : {
        throttleTimeMs: 0,
        errorCode: errorCode.brokerIdNotRegistered,
        errorMessage: `Broker ID ${brokerId} is not currently registered`,
      }
}
