/* ConsumerGroupHeartbeat v0-1: the consumer group protocol (KIP-848). */

import { heartbeatFailure } from '../coordinator/group/consumer/heartbeat.ts'
import type {
  consumerGroupHeartbeatRequest,
  consumerGroupHeartbeatResponse,
} from '../protocol/schemas/68-consumer-group-heartbeat.ts'
import { isConsumerProtocolEnabled } from './consumer-protocol.ts'
import type { Handler } from './handler.ts'
import { requestContext } from './request-context.ts'

export const consumerGroupHeartbeat: Handler<
  typeof consumerGroupHeartbeatRequest,
  typeof consumerGroupHeartbeatResponse
> = (context, request) => {
  if (!isConsumerProtocolEnabled(context.node)) {
    return heartbeatFailure({
      error: 'unsupportedVersion',
      message: 'The consumer group protocol is disabled.',
    })
  }
  return context.coordinator.consumerGroupHeartbeat(request, requestContext(context))
}
