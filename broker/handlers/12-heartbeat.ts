/* Heartbeat v0-4. */

import type { heartbeatRequest, heartbeatResponse } from '../protocol/schemas/12-heartbeat.ts'
import type { Handler } from './handler.ts'

export const heartbeat: Handler<typeof heartbeatRequest, typeof heartbeatResponse> = (context, request) =>
  context.coordinator.heartbeat(request)
