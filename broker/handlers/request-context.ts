import type { RequestContext } from '../coordinator/request-context.ts'
import type { HandlerContext } from './handler.ts'

/** What the coordinator keeps of a request's sender; the host with a slash before it, as Kafka shows it. */
export function requestContext({ apiVersion, clientId, connection }: HandlerContext): RequestContext {
  return { apiVersion, clientId: clientId ?? '', clientHost: `/${connection.remoteHost}` }
}
