import { setTimeout as delay } from 'node:timers/promises'
import type { Api } from '../../../../broker/handlers/api.ts'
import { WireClient } from '../../../../broker/protocol/client.ts'
import { decodeFrom, encodeBuffer } from '../../../../broker/protocol/codec.ts'
import { DecodeError, EncodeError } from '../../../../broker/protocol/errors.ts'
import {
  readRequestHeader,
  requestHeaderVersion,
  skipHeaderTags,
} from '../../../../broker/protocol/header.ts'
import { Reader } from '../../../../broker/protocol/reader.ts'
import {
  findCoordinatorRequest,
  findCoordinatorResponse,
} from '../../../../broker/protocol/schemas/10-find-coordinator.ts'
import { untilAnswers } from '../../../support/child.ts'
import {
  type Difference,
  differences,
  flatAnswer,
  type MeantDifferences,
  shownDifference,
} from '../compare.ts'
import { whatIsThere } from './aftermath.ts'
import type { ApiCase, Arranged } from './api-case.ts'
import { brokenRequests, requestHeader } from './broken-bytes.ts'
import { completed, layoutOf } from './layout.ts'
import { mutationsOf } from './mutations.ts'
import { normalized } from './normalize.ts'
import { ByteConnection, decodedAnswer, type Outcome } from './side.ts'
import { Stage } from './stage.ts'

type Broker = { readonly bootstrap: string; close(): Promise<void> }

/** One of the two brokers, and what it is called in its own ids. */
type Side = {
  readonly broker: Broker
  readonly client: WireClient
  readonly connection: ByteConnection
  readonly names: Map<string, string>
}

type Kind = 'valid' | 'edge' | 'broken'
type Body = Record<string, unknown>
/** A request in the words of each side: its frame's content, made from what was arranged there. */
type Question = {
  readonly kind: Kind
  readonly name: string
  content(arranged: Arranged): Buffer | undefined
}

const correlationId = 7
const patienceMs = 2_000
const retryMs = 10
/** How far Kafka's brokers may be behind its controller, on a machine that has much else to do. */
const settlingMs = 20_000
/** COORDINATOR_LOAD_IN_PROGRESS, COORDINATOR_NOT_AVAILABLE, NOT_COORDINATOR, CONCURRENT_TRANSACTIONS, NOT_LEADER. */
const passing = new Set([14, 15, 16, 51, 6])

/** Puts the same questions to both brokers and tells where they disagree. */
export class Duel implements AsyncDisposable {
  readonly #kafka: Side
  readonly #ours: Side
  readonly #meant: MeantDifferences
  readonly counts = { valid: 0, edge: 0, broken: 0, arranged: 0 }
  #arrangements = 0

  private constructor(kafka: Side, ours: Side, meant: MeantDifferences) {
    this.#kafka = kafka
    this.#ours = ours
    this.#meant = meant
  }

  static async begin(kafka: Broker, ours: Broker, meant: MeantDifferences): Promise<Duel> {
    return new Duel(await sideOf(kafka), await sideOf(ours), meant)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const { broker, client, connection } of [this.#kafka, this.#ours]) {
      await connection[Symbol.asyncDispose]()
      await client.close()
      await broker.close()
    }
  }

  /** All that is asked of one API in one version: what differs, and how many questions of each kind there were. */
  async fight(api: Api, version: number, apiCase: ApiCase) {
    const found: string[] = []
    const kinds = { valid: 0, edge: 0, broken: 0 }
    let arranged: readonly [Arranged, Arranged] | undefined
    let key = ''
    const arrange = async () => {
      key = `case-${api.key}-${version}-${this.#arrangements++}`
      arranged = await this.#arrange(apiCase, version, key)
      return arranged
    }
    const first = await arrange()
    const questions = this.#questions(api, version, apiCase, first[0])
    for (const question of questions) {
      const now = arranged ?? (await arrange())
      const contents = [question.content(now[0]), question.content(now[1])] as const
      if (!contents[0] || !contents[1] || isRace(api, version, contents[0])) continue
      kinds[question.kind]++
      this.counts[question.kind]++
      const name = `${question.kind} ${question.name}`
      const step = `${api.name} v${version}: ${name}`
      const { unmeant, isAnswered } = await this.#ask(api, version, apiCase, {
        key,
        step,
        toKafka: contents[0],
        toOurs: contents[1],
      })
      found.push(...unmeant.map((difference) => `${name}: ${shownDifference(difference)}`))
      if (apiCase.isConsumed && isAnswered) arranged = undefined
    }
    return { differences: found, kinds }
  }

  /** What the two brokers hold in the end, where it differs; asked again until markers and deletions are done. */
  async aftermath(): Promise<string[]> {
    const untilMs = Date.now() + settlingMs
    for (;;) {
      const [kafka, ours] = await Promise.all(
        [this.#kafka, this.#ours].map(({ client }) => whatIsThere(client)),
      )
      const unmeant = this.#meant.unmeant('afterwards', differences(kafka!, ours!))
      if (unmeant.length === 0 || Date.now() > untilMs) return unmeant.map(shownDifference)
      await delay(retryMs)
    }
  }

  /** Bytes as they are, on a connection of their own; and whether the next one is served. */
  async bytes(bytes: Buffer): Promise<{ kafka: string; ours: string; isServed: boolean }> {
    const [kafka, ours] = await Promise.all(
      [this.#kafka, this.#ours].map(async ({ connection }) => (await connection.sendBytes(bytes)).kind),
    )
    return { kafka: kafka!, ours: ours!, isServed: await this.isServed() }
  }

  /** Whether both brokers serve whoever comes next. */
  async isServed(): Promise<boolean> {
    const served = await Promise.all([this.#kafka, this.#ours].map(({ connection }) => connection.isServed()))
    return served.every(Boolean)
  }

  /** A request of a version that is not there: what each answered, in words. */
  async unsupported(api: Api, version: number): Promise<readonly [kafka: string, ours: string]> {
    const content = requestHeader(api.key, version, correlationId, version >= api.request.flexible.min)
    const [kafka, ours] = await Promise.all(
      [this.#kafka, this.#ours].map(async ({ connection }) => {
        const outcome = await connection.send(content)
        return outcome.kind === 'answered'
          ? `answered ${outcome.frame.subarray(0, 6).toString('hex')}`
          : outcome.kind
      }),
    )
    return [kafka!, ours!]
  }

  async #arrange(apiCase: ApiCase, version: number, key: string): Promise<readonly [Arranged, Arranged]> {
    this.counts.arranged++
    const [kafka, ours] = await Promise.all(
      [this.#kafka, this.#ours].map(({ client, names }) =>
        apiCase.arrange(new Stage({ client, names, key, version, nodeId: 1 })),
      ),
    )
    return [kafka!, ours!]
  }

  #questions(api: Api, version: number, apiCase: ApiCase, example: Arranged): Question[] {
    const { request } = api
    const whole = (body: unknown): Body => completed(request.shape, version, body)
    const content = (body: Body): Buffer | undefined => {
      const header = requestHeader(
        request.apiKey,
        version,
        correlationId,
        requestHeaderVersion(request, version) === 2,
      )
      try {
        return Buffer.concat([header, encodeBuffer(request, version, body as never)])
      } catch (error) {
        // A value that this version cannot carry is no question.
        if (error instanceof EncodeError) return undefined
        throw error
      }
    }
    const base = (arranged: Arranged) => whole(apiCase.base(arranged, version))
    const specials = apiCase.specials
      .filter(({ minVersion }) => version >= minVersion)
      .map(
        ({ kind, name, body }): Question => ({
          kind,
          name,
          content: (arranged) => content(whole(body(arranged, version))),
        }),
      )
    const mutated = mutationsOf(request.shape, version, base(example), `${api.key}v${version}`).map(
      ({ kind, name, apply }): Question => {
        return { kind, name, content: (arranged) => content(apply(base(arranged))) }
      },
    )
    const layout = layoutOf(request, version, base(example))
    if (
      !content(base(example))
        ?.subarray(-layout.bytes.length || Number.MAX_SAFE_INTEGER)
        .equals(layout.bytes)
    ) {
      throw new Error(`${request.name} v${version}: the two encoders disagree`)
    }
    const damaged = brokenRequests(request, version, layout, correlationId)
    const broken = damaged.map(
      ({ kind, name }, index): Question => ({
        kind,
        name,
        content: (arranged) =>
          brokenRequests(request, version, layoutOf(request, version, base(arranged)), correlationId)[index]
            ?.frame,
      }),
    )
    const plain: Question = {
      kind: 'valid',
      name: 'the base',
      content: (arranged) => content(base(arranged)),
    }
    return [plain, ...specials, ...mutated, ...broken].filter(({ name }) => !apiCase.without?.test(name))
  }

  async #ask(
    api: Api,
    version: number,
    apiCase: ApiCase,
    { key, step, toKafka, toOurs }: { key: string; step: string; toKafka: Buffer; toOurs: Buffer },
  ) {
    const send = async ({ connection, names }: Side, content: Buffer) => {
      const outcome = await (apiCase.maybeSilent
        ? connection.sendMaybeSilent(content)
        : connection.send(content))
      return shownOutcome(api, version, outcome, { names, key, own: apiCase.own })
    }
    let [kafka, ours] = await Promise.all([send(this.#kafka, toKafka), send(this.#ours, toOurs)])
    let unmeant = this.#meant.unmeant(step, disagreements(kafka, ours))
    const untilMs = Date.now() + patienceMs
    while (unmeant.length > 0 && Date.now() < untilMs) {
      const areAnswered = kafka.get('outcome') === 'answered' && ours.get('outcome') === 'answered'
      if (!areAnswered || !(apiCase.isReading || isPassing(kafka))) break
      await delay(retryMs)
      kafka = await send(this.#kafka, toKafka)
      if (apiCase.isReading) ours = await send(this.#ours, toOurs)
      unmeant = this.#meant.unmeant(step, disagreements(kafka, ours))
    }
    return { unmeant, isAnswered: kafka.get('outcome') !== 'closed' || ours.get('outcome') !== 'closed' }
  }
}

/**
 * Whether the request, read as its bytes are, leaves the broker a timeout of less than a second (a count that is off
 * by one lets another number stand there): who keeps within it depends on what else the machine does.
 */
function isRace({ request }: Api, version: number, content: Buffer): boolean {
  if (!('timeoutMs' in request.shape)) return false
  try {
    const reader = new Reader(content)
    readRequestHeader(reader)
    skipHeaderTags(request, version, reader)
    const { timeoutMs } = decodeFrom(request, version, reader) as { timeoutMs?: number }
    return timeoutMs !== undefined && timeoutMs > 0 && timeoutMs < 1_000
  } catch (error) {
    if (error instanceof DecodeError) return false
    throw error
  }
}

/** Where one has answered and the other has not, the answer's fields are no news. */
function disagreements(kafka: ReadonlyMap<string, string>, ours: ReadonlyMap<string, string>): Difference[] {
  const found = differences(kafka, ours)
  return kafka.get('outcome') === ours.get('outcome') ? found : found.filter(({ path }) => path === 'outcome')
}

function isPassing(answer: ReadonlyMap<string, string>): boolean {
  return [...answer].some(([path, value]) => /[eE]rrorCode$/.test(path) && passing.has(Number(value)))
}

function shownOutcome(
  api: Api,
  version: number,
  outcome: Outcome,
  reading: Parameters<typeof normalized>[1],
) {
  const shown = new Map([['outcome', outcome.kind as string]])
  if (outcome.kind !== 'answered') return shown
  const answer = normalized(decodedAnswer(api.response, version, outcome.frame), reading)
  for (const [path, value] of flatAnswer(answer)) shown.set(path, value)
  return shown
}

async function sideOf(broker: Broker): Promise<Side> {
  const port = Number(broker.bootstrap.split(':').at(-1))
  const client = await WireClient.connect({ port, timeoutMs: 20_000 })
  await untilCoordinated(client)
  return { broker, client, connection: new ByteConnection(port), names: new Map() }
}

/** Kafka makes the coordinators' topics when they are first asked for, and answers with errors until then. */
async function untilCoordinated(client: WireClient): Promise<void> {
  const stage = new Stage({ client, key: 'begin', version: 0, nodeId: 1, names: new Map() })
  const found = async () => {
    for (const keyType of [0, 1]) {
      const answer = await client.send(findCoordinatorRequest, findCoordinatorResponse, 4, {
        keyType,
        coordinatorKeys: ['any'],
      })
      if (answer.coordinators[0]!.errorCode !== 0) return undefined
    }
    return true
  }
  await untilAnswers(found, { timeoutMs: 30_000, intervalMs: 50 })
  await stage.topic('begin')
  for (let index = 0; index < 20; index++) {
    await stage.commit(`begin-${index}`, 'begin')
    await stage.producer(`begin-${index}`)
  }
}
