import type { WireClient } from '../../broker/protocol/client.ts'
import type { DecodedShape, EncodableShape, Message, Shape } from '../../broker/protocol/fields.ts'

/** What scenes are played on: a connection to a broker, and the topic that it was given. */
export interface Stage {
  readonly client: WireClient
  /** Another connection, of which nothing is kept. */
  readonly unrecorded: WireClient
  readonly topic: string
  readonly topicId: string
}

/** Sends a request in each of its versions, one after the other. */
export async function everyVersion<Request extends Shape, Response extends Shape>(
  stage: Stage,
  request: Message<Request>,
  response: Message<Response>,
  body: (version: number) => EncodableShape<Request>,
): Promise<DecodedShape<Response>[]> {
  const answers: DecodedShape<Response>[] = []
  for (let version = request.versions.min; version <= request.versions.max; version++) {
    answers.push(await stage.client.send(request, response, version, body(version)))
  }
  return answers
}
