import type { IncomingMessage } from 'node:http'
import { KafkaError } from '../kafka/kafka-error.ts'

/**
 * The request's JSON body. Only `application/json` is taken: a form on another site cannot send that without
 * asking first (CORS), and we never say yes.
 */
export async function readBody(request: IncomingMessage, maxBytes: number): Promise<unknown> {
  const type = request.headers['content-type'] ?? ''
  if (!/^application\/json\b/i.test(type)) {
    throw new KafkaError('INVALID_REQUEST', 'The body must be JSON with content-type application/json.')
  }
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length
    if (size > maxBytes) throw new KafkaError('BODY_TOO_LARGE', `The body is larger than ${maxBytes} bytes.`)
    chunks.push(chunk)
  }
  try {
    return JSON.parse(Buffer.concat(chunks).toString())
  } catch (cause) {
    throw new KafkaError('INVALID_REQUEST', 'The body is not valid JSON.', { cause })
  }
}
