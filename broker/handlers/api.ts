import type { Decoded, Message } from '../protocol/fields.ts'
import type { Handler, HandlerContext } from './handler.ts'
import type { OfferedApi } from './offered-apis.ts'

/** What answers one API: its messages and its handler, their types erased so that all stand in one list. */
export type ApiHandler = {
  readonly request: Message
  readonly response: Message
  handle(context: HandlerContext, request: unknown): unknown
}

/** An API with all that it takes to answer it. */
export type Api = OfferedApi & ApiHandler

/** Ties a handler to its messages: the codec hands it exactly what `request` describes. */
export function apiHandler<Request extends Message, Response extends Message>(
  request: Request,
  response: Response,
  handler: Handler<Request, Response>,
): ApiHandler {
  return { request, response, handle: (context, decoded) => handler(context, decoded as Decoded<Request>) }
}
