import type { WireClient } from '../../../broker/protocol/client.ts'
import type { Encodable, EncodableShape, Message, Shape } from '../../../broker/protocol/fields.ts'

/** What a step may need to know of the broker it is sent to. */
export type World = {
  readonly nodeId: number
  /** Topic ids by name, as CreateTopics gave them. */
  readonly topicIds: Map<string, string>
}

/** One request, sent to both brokers; their answers have to agree. */
export type Step = {
  readonly name: string
  /** Compares the error messages word for word too. */
  readonly sameWords: boolean
  send(client: WireClient, world: World): Promise<unknown>
}

type StepOptions = { readonly sameWords?: boolean }

/** A step of one API version; the body may depend on the broker's node id and topic ids. */
export function step<Request extends Shape, Response extends Shape>(
  name: string,
  request: Message<Request>,
  response: Message<Response>,
  version: number,
  body: EncodableShape<Request> | ((world: World) => EncodableShape<Request>),
  { sameWords = false }: StepOptions = {},
): Step {
  return {
    name: `${request.name} v${version}: ${name}`,
    sameWords,
    send: (client, world) =>
      client.send(request, response, version, typeof body === 'function' ? body(world) : body),
  }
}

/** The same step in every version from `min` up to the newest. */
export function inVersions<Request extends Shape, Response extends Shape>(
  name: string,
  request: Message<Request>,
  response: Message<Response>,
  body: (version: number, world: World) => Encodable<Message<Request>>,
  min = request.versions.min,
  max = request.versions.max,
): Step[] {
  return Array.from({ length: max - min + 1 }, (_, index) =>
    step(name, request, response, min + index, (world) => body(min + index, world)),
  )
}
