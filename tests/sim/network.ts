import { decodeFrom } from '../../broker/protocol/codec.ts'
import type { DecodedShape, EncodableShape, Message, Shape } from '../../broker/protocol/fields.ts'
import { encodeRequest, responseHeader, responseHeaderVersion } from '../../broker/protocol/header.ts'
import { Reader } from '../../broker/protocol/reader.ts'
import type { Machine } from './machine.ts'

/** The client hears nothing: the request, its answer or the node was lost, and nobody knows which. */
export class NoAnswer extends Error {
  override readonly name = 'NoAnswer'
}

/**
 * How often a frame may reach the node. `late`: also long after its sender has gone on, as from the buffer of a
 * connection that it has given up. `soon`: twice in a row. `once`: what comes again means something new.
 */
export type Repeats = 'late' | 'soon' | 'once'

export type AskOptions<Response extends Shape> = {
  readonly repeats: Repeats
  /** Sees every delivery of the frame, of repeated ones too, and what the node answered to it. */
  readonly observe?: (response: DecodedShape<Response> | 'no answer') => void
  /** The node has to answer within this time; a second by default. */
  readonly maxWaitMs?: number
}

const lossTimeoutMs = 200
const maxLatenessMs = 4_000
const defaultMaxWaitMs = 1_000

/** Carries real frames to the node of a machine, and loses, delays and repeats a share of them. */
export class Network {
  readonly machine: Machine
  /** Share of frames that something happens to. */
  unreliability: number
  readonly #random: () => number
  #correlationId = 0

  constructor(machine: Machine, random: () => number, unreliability: number) {
    this.machine = machine
    this.#random = random
    this.unreliability = unreliability
  }

  /** Sends a request; throws NoAnswer. */
  async ask<Request extends Shape, Response extends Shape>(
    request: Message<Request>,
    response: Message<Response>,
    version: number,
    body: EncodableShape<Request>,
    options: AskOptions<Response>,
  ): Promise<DecodedShape<Response>> {
    const deliver = this.#frame(request, response, version, body, options)
    if (this.#random() >= this.unreliability) return heard(await deliver())
    const fate = this.#random()
    if (fate < 0.2) return this.#lost()
    if (fate < 0.45) {
      await deliver()
      return this.#lost()
    }
    if (options.repeats === 'once') return heard(await deliver())
    if (options.repeats === 'late' && fate < 0.75) {
      this.#later(deliver)
      // Lost to its sender, or taken and repeated long after.
      return fate < 0.6 ? this.#lost() : heard(await deliver())
    }
    const [first] = await Promise.all([deliver(), deliver()])
    return heard(first!)
  }

  /** Without any loss, as the checks ask: on a connection of their own. */
  async askSurely<Request extends Shape, Response extends Shape>(
    request: Message<Request>,
    response: Message<Response>,
    version: number,
    body: EncodableShape<Request>,
  ): Promise<DecodedShape<Response>> {
    return heard(await this.#frame(request, response, version, body, { repeats: 'once' })())
  }

  #frame<Request extends Shape, Response extends Shape>(
    request: Message<Request>,
    response: Message<Response>,
    version: number,
    body: EncodableShape<Request>,
    { observe, maxWaitMs = defaultMaxWaitMs }: AskOptions<Response>,
  ): () => Promise<DecodedShape<Response> | 'no answer'> {
    const header = { correlationId: this.#correlationId++, clientId: 'sim' }
    const frame = Buffer.concat(encodeRequest(request, version, header, body)).subarray(4)
    return async () => {
      const { machine } = this
      const { process } = machine
      const sentMs = machine.clock.elapsedMs()
      // The node writes into a frame's memory, and this one may come again.
      const reply = process ? await process.dispatch(Buffer.from(frame)) : 'no answer'
      const waitedMs = machine.clock.elapsedMs() - sentMs
      if (reply !== 'no answer' && waitedMs > maxWaitMs) {
        machine.bugs.push(new Error(`${request.name} was answered after ${waitedMs} ms`))
      }
      const answer = reply === 'no answer' ? reply : decodeReply(response, version, reply)
      if (machine.isTracing)
        machine.note(`${request.name.replace('Request', '')} ${brief(body)} -> ${brief(answer)}`)
      observe?.(answer)
      return answer
    }
  }

  #later(deliver: () => Promise<unknown>): void {
    const { clock } = this.machine
    clock.schedule(Math.floor(this.#random() * maxLatenessMs), () => void deliver())
  }

  async #lost(): Promise<never> {
    await this.machine.clock.sleep(lossTimeoutMs)
    throw new NoAnswer()
  }
}

function heard<Answer>(answer: Answer | 'no answer'): Answer {
  if (answer === 'no answer') throw new NoAnswer()
  return answer
}

function decodeReply<S extends Shape>(response: Message<S>, version: number, reply: Buffer): DecodedShape<S> {
  const reader = new Reader(reply)
  decodeFrom(responseHeader, responseHeaderVersion(response, version), reader)
  return decodeFrom(response, version, reader)
}

/** For the trace: what differs from a default, without quotes and bytes. */
function brief(body: unknown): string {
  const isSaid = (value: unknown) => value !== null && value !== '' && value !== -1 && !isEmptyList(value)
  const text = JSON.stringify(body, (key, value: unknown) => {
    if (unsaid.has(key) || !isSaid(value)) return undefined
    const isBytes = typeof value === 'object' && value !== null && 'type' in value && value.type === 'Buffer'
    return isBytes ? 'bytes' : value
  })
  return text.replaceAll('"', '').slice(0, maxBriefLength)
}

const unsaid = new Set([
  'throttleTimeMs',
  'timeoutMs',
  'topicId',
  'currentLeader',
  'divergingEpoch',
  'snapshotId',
])
const maxBriefLength = 300

function isEmptyList(value: unknown): boolean {
  return Array.isArray(value) && value.length === 0
}
