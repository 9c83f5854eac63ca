import type { ProducerIdentity } from '../../../../broker/coordinator/transaction/init-producer-id.ts'
import { errorOf } from '../../../../broker/protocol/error-codes.ts'
import { annotate } from '../script-text.ts'
import { TransactionFixture } from './transaction-fixture.ts'

/**
 * Runs a script of transactional requests and writes down what comes of each: `> ` lines below a command are what
 * was written, in brackets the markers, and the answers. A name such as `a` stands for the producer that `init a`
 * made; its epoch is the one that it was told last, `a+1` is the one after it, `keep z a` remembers it as `z`.
 */
export async function runTransactionScript(text: string): Promise<string> {
  const runner = new TransactionScript()
  await runner.fixture.start()
  return annotate(text, runner)
}

class TransactionScript {
  readonly fixture = new TransactionFixture()
  readonly #producers = new Map<string, ProducerIdentity>()
  #output: string[] = []
  #commit: (() => void) | undefined

  takeOutput(): string[] {
    const written = this.fixture.written.splice(0)
    const wrote = written.length > 0 ? [`wrote ${written.join(' ')}`] : []
    return [...wrote, ...this.#output.splice(0)]
  }

  async run(line: string): Promise<void> {
    const words = line.trim().split(/\s+/)
    const named = new Map(words.filter((word) => word.includes('=')).map((word) => pair(word)))
    const [verb, first = '', second = ''] = words.filter((word) => !word.includes('='))
    const { fixture } = this
    switch (verb) {
      case 'config':
        for (const [name, value] of named) fixture.configure(name, value)
        break
      case 'advance':
        fixture.clock.advance(durationMs(first))
        break
      case 'restart':
        await fixture.restart()
        break
      case 'fail':
        fixture.failWith = first === 'off' ? undefined : Number(first)
        break
      case 'offline':
        fixture.offline.add(first)
        break
      case 'online':
        fixture.offline.delete(first)
        break
      case 'ids':
        fixture.hasProducerIds = first === 'on'
        break
      case 'hold':
        fixture.commitWhen = new Promise((resolve) => {
          this.#commit = resolve
        })
        break
      case 'commit':
        fixture.commitWhen = undefined
        this.#commit?.()
        break
      case 'jump':
        await fixture.jumpTo('tx', Number(second))
        this.#producers.set(first, { ...this.#identity(first), producerEpoch: Number(second) })
        break
      case 'keep':
        this.#producers.set(first, this.#identity(second))
        break
      case 'epoch':
        this.#producers.set(first, { ...this.#identity(first), producerEpoch: Number(second) })
        break
      default:
        this.#ask(verb!, first, second, named)
    }
    for (let turn = 0; turn < 20; turn++) await Promise.resolve()
  }

  #ask(verb: string, name: string, word: string, named: ReadonlyMap<string, string>): void {
    void Promise.resolve(this.#answer(verb, name, word, named)).then((text) =>
      this.#output.push(`${[verb, name, word].filter(Boolean).join(' ')}: ${text}`),
    )
  }

  #answer(
    verb: string,
    name: string,
    word: string,
    named: ReadonlyMap<string, string>,
  ): string | Promise<string> {
    const { coordinator } = this.fixture
    const id = named.get('id') ?? 'tx'
    switch (verb) {
      case 'init':
        return this.#init(name, id, named)
      case 'add': {
        const clientVersion = Number(named.get('version') ?? 2)
        const partitions = partitionsOf(word)
        return this.#shown(
          coordinator.addPartitions(id, { ...this.#identity(name), partitions, clientVersion }),
        )
      }
      case 'verify': {
        const [[topic, indexes]] = [...partitionsOf(word)] as [[string, Set<number>]]
        return error(coordinator.verifyPartition(id, this.#identity(name), topic, [...indexes][0]!))
      }
      case 'end':
        return this.#end(name, id, word === 'commit', Number(named.get('version') ?? 2))
      case 'describe': {
        const known = coordinator.describeTransaction(name || 'tx')
        if (known.errorCode) return error(known.errorCode)
        const topics = known.topics.map(({ topic, partitions }) => `${topic}/${partitions.join(',')}`)
        return `${known.transactionState} ${known.producerId}/${known.producerEpoch} ${topics.join(' ')}`.trim()
      }
      case 'list': {
        const filter = { states: new Set<string>(), producerIds: new Set<number>(), matchesId: () => true }
        const durationMs = Number(named.get('duration') ?? -1)
        const { errorCode, transactions } = coordinator.listTransactions({ ...filter, durationMs })
        const listed = transactions.map((each) => `${each.transactionalId}(${each.transactionState})`)
        return `${error(errorCode)} ${listed.sort().join(' ')}`.trim()
      }
      default:
        throw new Error(`unknown command ${verb}`)
    }
  }

  async #init(name: string, id: string, named: ReadonlyMap<string, string>): Promise<string> {
    const expected = named.has('expected') ? this.#identity(named.get('expected')!) : undefined
    const timeoutMs = Number(named.get('timeout') ?? 60_000)
    const answer = await this.fixture.coordinator.initProducerId({ transactionalId: id, timeoutMs, expected })
    return this.#remember(name, answer)
  }

  async #end(name: string, id: string, committed: boolean, clientVersion: number): Promise<string> {
    const request = { ...this.#identity(name), committed, clientVersion }
    const answer = await this.fixture.coordinator.endTransaction(id, request)
    return this.#remember(name, clientVersion < 2 ? { errorCode: answer.errorCode } : answer)
  }

  #remember(name: string, answer: { errorCode: number } & Partial<ProducerIdentity>): string {
    const { errorCode, producerId, producerEpoch } = answer
    if (errorCode !== 0 || producerId === undefined || producerEpoch === undefined) return error(errorCode)
    this.#producers.set(name, { producerId, producerEpoch })
    return `NONE ${producerId}/${producerEpoch}`
  }

  async #shown(code: number | Promise<number>): Promise<string> {
    return error(await code)
  }

  #identity(text: string): ProducerIdentity {
    const [, name, difference] = /^(\w+)([+-]\d+)?$/.exec(text) ?? []
    const known = this.#producers.get(name!)
    if (!known) throw new Error(`there is no producer ${text}`)
    return { ...known, producerEpoch: known.producerEpoch + Number(difference ?? 0) }
  }
}

function pair(word: string): [string, string] {
  const at = word.indexOf('=')
  return [word.slice(0, at), word.slice(at + 1)]
}

/** `t/0,1;u/2` */
function partitionsOf(text: string): Map<string, Set<number>> {
  return new Map(
    text.split(';').map((part) => {
      const [topic, list] = part.split('/')
      return [topic!, new Set(list!.split(',').map(Number))]
    }),
  )
}

function durationMs(text: string): number {
  const [, count, unit] = /^(\d+)(ms|s|m|h|d)$/.exec(text) ?? []
  if (count === undefined) throw new Error(`not a duration: ${text}`)
  const units: Record<string, number> = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 }
  return Number(count) * units[unit!]!
}

function error(code: number): string {
  return errorOf(code).name
}
