import type { Decoded, Message } from '../protocol/fields.ts'
import type { Handler, HandlerContext } from './handler.ts'

/** One API as the broker offers it, its types erased so that all stand in one table. */
export type Api = {
  readonly key: number
  /** Kafka's name, such as 'Produce'. */
  readonly name: string
  readonly request: Message
  readonly response: Message
  readonly minVersion: number
  readonly maxVersion: number
  /** What ApiVersions says; lower than `minVersion` where clients need it so. */
  readonly advertisedMinVersion: number
  handle(context: HandlerContext, request: unknown): unknown
}

export type ApiLimits = { readonly maxVersion?: number; readonly advertisedMinVersion?: number }

/** Ties a handler to its messages: the codec hands it exactly what `request` describes. */
export function api<Request extends Message, Response extends Message>(
  request: Request,
  response: Response,
  handler: Handler<Request, Response>,
  limits: ApiLimits = {},
): Api {
  return {
    key: request.apiKey,
    name: request.name.replace(/Request$/, ''),
    request,
    response,
    minVersion: request.versions.min,
    maxVersion: limits.maxVersion ?? request.versions.max,
    advertisedMinVersion: limits.advertisedMinVersion ?? request.versions.min,
    handle: (context, decoded) => handler(context, decoded as Decoded<Request>),
  }
}
