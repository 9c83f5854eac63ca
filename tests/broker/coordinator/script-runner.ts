import {
  encodeAssignment,
  encodeSubscription,
  parseAssignment,
} from '../../../broker/coordinator/group/consumer-protocol.ts'
import type { GroupEvent } from '../../../broker/coordinator/group-event.ts'
import { errorOf } from '../../../broker/protocol/error-codes.ts'
import { CoordinatorFixture, settle } from './coordinator-fixture.ts'
import { annotate } from './script-text.ts'

/**
 * Runs a script of group requests and writes down what comes of each: `> ` lines below a command are answers,
 * events and written records. A member's name stands for the id that the coordinator gave it.
 */
export async function runScript(text: string): Promise<string> {
  const runner = new ScriptRunner()
  await runner.fixture.start()
  return annotate(text, runner)
}

class Arguments {
  readonly words: string[] = []
  readonly named = new Map<string, string>()

  constructor(line: string) {
    for (const word of line.trim().split(/\s+/)) {
      const at = word.indexOf('=')
      if (at > 0) this.named.set(word.slice(0, at), word.slice(at + 1))
      else this.words.push(word)
    }
  }

  text(name: string, fallback: string): string {
    return this.named.get(name) ?? fallback
  }

  number(name: string, fallback: number): number {
    const text = this.named.get(name)
    return text === undefined ? fallback : Number(text)
  }
}

/** `t/0,1;u/2` */
function partitionsOf(text: string): { topic: string; partitions: number[] }[] {
  if (text === '' || text === '-') return []
  return text.split(';').map((part) => {
    const [topic, list] = part.split('/')
    return { topic: topic!, partitions: list!.split(',').map(Number) }
  })
}

function shown(partitions: readonly { topic: string; partitions: readonly number[] }[]): string {
  const parts = partitions.map(({ topic, partitions: list }) => {
    return `${topic}/${[...list].sort((a, b) => a - b).join(',')}`
  })
  return parts.sort().join(';') || '-'
}

class ScriptRunner {
  readonly fixture = new CoordinatorFixture()
  #output: string[] = []
  #idByName = new Map<string, string>()
  #epochs = new Map<string, number>()

  takeOutput(): string[] {
    const { events, written } = this.fixture
    const told = events.splice(0).map((event) => this.#event(event))
    const records = written.splice(0)
    const wrote = records.length > 0 ? [`wrote ${records.join(' ')}`] : []
    const all = [...wrote, ...told.filter((line) => line !== ''), ...this.#output.splice(0)]
    return all.map((line) => this.#withNames(line))
  }

  #withNames(line: string): string {
    let result = line
    for (const [name, id] of this.#idByName) result = result.replaceAll(id, name)
    return result
  }

  async run(line: string): Promise<void> {
    const parsed = new Arguments(line)
    const { fixture } = this
    const [verb, first, second] = parsed.words
    for (const [name, value] of parsed.named) {
      if (verb === 'config') fixture.configure(name, value)
    }
    switch (verb) {
      case 'config':
        break
      case 'topic':
        fixture.setTopic(first!, Number(second))
        break
      case 'drop':
        fixture.dropTopic(first!)
        break
      case 'advance':
        fixture.clock.advance(durationMs(first!))
        break
      case 'restart':
        await fixture.restart()
        break
      case 'fail':
        fixture.failWith = first === 'off' ? undefined : Number(first)
        break
      case 'list':
        this.#list(parsed)
        break
      default:
        this.#request(verb!, parsed)
    }
    await settle()
  }

  #list(parsed: Arguments): void {
    const list = (name: string) => (parsed.named.has(name) ? parsed.text(name, '').split(',') : [])
    const { groups } = this.fixture.coordinator.listGroups({ states: list('states'), types: list('types') })
    for (const { groupId, protocolType, groupState, groupType } of groups) {
      this.#output.push(`${groupId} ${groupType} ${groupState} type=${protocolType || '-'}`)
    }
  }

  #request(verb: string, parsed: Arguments): void {
    const name = parsed.words[1] ?? ''
    const label = [verb, name].filter(Boolean).join(' ')
    const answer: Promise<string> = this.#ask(verb, name, parsed)
    void answer.then((text) => this.#output.push(`${label}: ${text}`))
  }

  #ask(verb: string, name: string, parsed: Arguments): Promise<string> {
    switch (verb) {
      case 'join':
        return this.#join(name, parsed)
      case 'sync':
        return this.#sync(name, parsed)
      case 'heartbeat':
        return this.#heartbeat(name, parsed)
      case 'leave':
        return this.#leave(parsed)
      case 'commit':
        return this.#commit(name, parsed)
      case 'txn-commit':
        return this.#transactionalCommit(name, parsed)
      case 'txn-end':
        return this.#transactionEnd(name, parsed)
      case 'fetch':
        return this.#fetch(name, parsed)
      case 'beat':
        return this.#beat(name, parsed)
      case 'describe':
        return this.#describe(parsed)
      case 'delete':
        return this.fixture.coordinator
          .deleteGroup(parsed.text('group', 'g'))
          .then(({ errorCode: c }) => error(c))
      case 'offset-delete':
        return this.#offsetDelete(name, parsed)
      default:
        throw new Error(`unknown command ${verb}`)
    }
  }

  #idOf(name: string, parsed: Arguments): string {
    const id = parsed.named.get('id')
    if (id === '-') return ''
    return this.#idByName.get(id ?? name) ?? id ?? ''
  }

  #context(parsed: Arguments, version: number) {
    return { apiVersion: parsed.number('v', version), clientId: parsed.text('client', 'c'), clientHost: '/h' }
  }

  #protocols(parsed: Arguments) {
    return parsed
      .text('protocols', 'range:t')
      .split('|')
      .map((protocol) => {
        const [name, topics] = protocol.split(':')
        const ownedPartitions = partitionsOf(parsed.text('owned', ''))
        const metadata = encodeSubscription({ topics: topics!.split(','), ownedPartitions }, 1)
        return { name: name!, metadata }
      })
  }

  async #join(name: string, parsed: Arguments): Promise<string> {
    const request = {
      groupId: parsed.text('group', 'g'),
      sessionTimeoutMs: parsed.number('session', 10_000),
      rebalanceTimeoutMs: parsed.number('rebalance', 60_000),
      memberId: this.#idOf(name, parsed),
      groupInstanceId: parsed.named.get('instance') ?? null,
      protocolType: parsed.text('type', 'consumer'),
      protocols: this.#protocols(parsed),
      reason: null,
    }
    const response = await this.fixture.coordinator.joinGroup(request, this.#context(parsed, 9))
    if (response.memberId) this.#idByName.set(name, response.memberId)
    if (response.errorCode) return error(response.errorCode)
    this.#epochs.set(name, response.generationId ?? -1)
    const members = response.members.map(({ memberId }) => memberId).join(',')
    const parts = [`generation=${response.generationId}`, `protocol=${response.protocolName}`]
    parts.push(`leader=${response.leader || '-'}`)
    if (members) parts.push(`members=${members}`)
    if (response.skipAssignment) parts.push('skipAssignment')
    return parts.join(' ')
  }

  async #sync(name: string, parsed: Arguments): Promise<string> {
    const assign = parsed.text('assign', '')
    const assignments = assign === '' ? [] : assign.split('|').map((part) => this.#assignment(part))
    const response = await this.fixture.coordinator.syncGroup({
      groupId: parsed.text('group', 'g'),
      generationId: parsed.number('generation', this.#epochs.get(name) ?? -1),
      memberId: this.#idOf(name, parsed),
      groupInstanceId: parsed.named.get('instance') ?? null,
      protocolType: parsed.named.get('type') ?? null,
      protocolName: parsed.named.get('protocol') ?? null,
      assignments,
    })
    if (response.errorCode) return error(response.errorCode)
    return `assignment=${shown(parseAssignment(Buffer.concat([response.assignment].flat() as Buffer[])))}`
  }

  #assignment(part: string) {
    const [name, partitions] = part.split(':')
    const memberId = this.#idByName.get(name!) ?? name!
    return { memberId, assignment: encodeAssignment(partitionsOf(partitions!), 1) }
  }

  async #heartbeat(name: string, parsed: Arguments): Promise<string> {
    const { errorCode } = await this.fixture.coordinator.heartbeat({
      groupId: parsed.text('group', 'g'),
      generationId: parsed.number('generation', this.#epochs.get(name) ?? -1),
      memberId: this.#idOf(name, parsed),
      groupInstanceId: parsed.named.get('instance') ?? null,
    })
    return error(errorCode)
  }

  async #leave(parsed: Arguments): Promise<string> {
    const instances = parsed.named.get('instance')?.split(',') ?? []
    const members = parsed.words.slice(1).map((name, index) => ({
      memberId: name === '-' ? '' : (this.#idByName.get(name) ?? name),
      groupInstanceId: instances[index] ?? null,
      reason: null,
    }))
    const response = await this.fixture.coordinator.leaveGroup(parsed.text('group', 'g'), members)
    if (response.errorCode) return error(response.errorCode)
    return (response.members ?? [])
      .map(({ memberId, errorCode: c }) => `${memberId || '-'}=${error(c)}`)
      .join(' ')
  }

  async #commit(name: string, parsed: Arguments): Promise<string> {
    const [target, offset] = [parsed.text('at', 't/0'), parsed.number('offset', 1)]
    const [{ topic, partitions }] = partitionsOf(target) as [{ topic: string; partitions: number[] }]
    const result = await this.fixture.coordinator.commitOffsets(
      {
        groupId: parsed.text('group', 'g'),
        generationIdOrMemberEpoch: parsed.number('generation', this.#epochs.get(name) ?? -1),
        memberId: this.#idOf(name, parsed),
        groupInstanceId: parsed.named.get('instance') ?? null,
        retentionTimeMs: parsed.number('retention', -1),
        topics: [
          {
            topic,
            topicId: this.fixture.topicId(topic),
            partitions: partitions.map((partitionIndex) => ({
              partitionIndex,
              committedOffset: offset,
              committedLeaderEpoch: parsed.number('leaderEpoch', -1),
              committedMetadata: parsed.named.get('metadata') ?? null,
            })),
          },
        ],
      },
      this.#context(parsed, 9),
    )
    if (result.errorCode) return error(result.errorCode)
    return result.topics.flatMap((one) => one.partitions.map(({ errorCode: c }) => error(c))).join(' ')
  }

  async #transactionalCommit(name: string, parsed: Arguments): Promise<string> {
    const [{ topic, partitions }] = partitionsOf(parsed.text('at', 't/0')) as [
      { topic: string; partitions: number[] },
    ]
    const result = await this.fixture.coordinator.commitTransactionalOffsets({
      groupId: parsed.text('group', 'g'),
      producerId: parsed.number('producer', 1),
      producerEpoch: 0,
      generationId: parsed.number('generation', this.#epochs.get(name) ?? -1),
      memberId: this.#idOf(name, parsed),
      groupInstanceId: parsed.named.get('instance') ?? null,
      topics: [
        {
          topic,
          partitions: partitions.map((partitionIndex) => ({
            partitionIndex,
            committedOffset: parsed.number('offset', 1),
            committedLeaderEpoch: -1,
            committedMetadata: parsed.named.get('metadata') ?? null,
          })),
        },
      ],
    })
    if (result.errorCode) return error(result.errorCode)
    return result.topics.flatMap((one) => one.partitions.map(({ errorCode: c }) => error(c))).join(' ')
  }

  async #transactionEnd(outcome: string, parsed: Arguments): Promise<string> {
    const codes = this.fixture.endTransaction(parsed.number('producer', 1), outcome === 'commit')
    return [...new Set(codes)].map(error).join(' ')
  }

  async #fetch(name: string, parsed: Arguments): Promise<string> {
    const asked = parsed.named.get('at')
    const topics = asked
      ? partitionsOf(asked).map((one) => ({ ...one, topicId: this.fixture.topicId(one.topic) }))
      : null
    const result = await this.fixture.coordinator.fetchOffsets({
      groupId: parsed.text('group', 'g'),
      memberId: name ? this.#idOf(name, parsed) : null,
      memberEpoch: parsed.number('epoch', name ? (this.#epochs.get(name) ?? -1) : -1),
      topics,
      requireStable: parsed.named.get('stable') === 'true',
    })
    if (result.errorCode) return error(result.errorCode)
    const found = result.topics.flatMap(({ topic, partitions }) =>
      partitions.map(({ partitionIndex, committedOffset, committedLeaderEpoch, metadata, errorCode: c }) => {
        if (c) return `${topic}/${partitionIndex}=${error(c)}`
        const more =
          metadata === '' && committedLeaderEpoch < 0 ? '' : `(${committedLeaderEpoch},${metadata})`
        return `${topic}/${partitionIndex}=${committedOffset}${more}`
      }),
    )
    return found.join(' ') || 'nothing'
  }

  async #beat(name: string, parsed: Arguments): Promise<string> {
    const epoch = parsed.number('epoch', this.#epochs.get(name) ?? 0)
    const isJoin = epoch === 0
    const topics = parsed.named.get('topics') ?? (isJoin && !parsed.named.has('regex') ? 't' : undefined)
    const owned = parsed.named.get('owned') ?? (isJoin ? '-' : undefined)
    const memberId = this.#idByName.get(name) ?? name
    this.#idByName.set(name, memberId)
    const response = await this.fixture.coordinator.consumerGroupHeartbeat(
      {
        groupId: parsed.text('group', 'g'),
        memberId: parsed.named.get('id') === '-' ? '' : memberId,
        memberEpoch: epoch,
        instanceId: parsed.named.get('instance') ?? null,
        rackId: null,
        rebalanceTimeoutMs: parsed.number('rebalance', isJoin ? 30_000 : -1),
        subscribedTopicNames: topics === undefined ? null : topics === '-' ? [] : topics.split(','),
        subscribedTopicRegex: parsed.named.get('regex') ?? null,
        serverAssignor: parsed.named.get('assignor') ?? null,
        topicPartitions:
          owned === undefined
            ? null
            : partitionsOf(owned).map((one) => ({ ...one, topicId: this.fixture.topicId(one.topic) })),
      },
      this.#context(parsed, 1),
    )
    if (response.errorCode) {
      if (['FENCED_MEMBER_EPOCH', 'UNKNOWN_MEMBER_ID'].includes(error(response.errorCode)))
        this.#epochs.delete(name)
      return error(response.errorCode)
    }
    if (response.memberEpoch > 0) this.#epochs.set(name, response.memberEpoch)
    else this.#epochs.delete(name)
    const parts = [`epoch=${response.memberEpoch}`]
    if (response.assignment) parts.push(`assignment=${this.#named(response.assignment.topicPartitions)}`)
    return parts.join(' ')
  }

  #named(partitions: readonly { topicId: string; partitions: readonly number[] }[]): string {
    return shown(
      partitions.map(({ topicId, partitions: list }) => ({
        topic: [...this.fixture.topics.values()].find((topic) => topic.topicId === topicId)?.name ?? '?',
        partitions: list,
      })),
    )
  }

  async #offsetDelete(target: string, parsed: Arguments): Promise<string> {
    const topics = partitionsOf(target)
    const result = await this.fixture.coordinator.deleteOffsets({
      groupId: parsed.text('group', 'g'),
      topics,
    })
    if (result.errorCode) return error(result.errorCode)
    return result.topics.flatMap((one) => one.partitions.map(({ errorCode: c }) => error(c))).join(' ')
  }

  async #describe(parsed: Arguments): Promise<string> {
    const snapshot = this.fixture.coordinator.snapshotOf(parsed.text('group', 'g'))
    if (!snapshot) return 'no group'
    const members = snapshot.members.map((member) => {
      const target = shown(member.target)
      const assigned = shown(member.assigned)
      const pending =
        member.pendingRevocation.length > 0 ? `, gives up ${shown(member.pendingRevocation)}` : ''
      const wanted = target === assigned ? '' : `, to have ${target}`
      return `${member.memberId}@${member.memberEpoch}(${assigned}${pending}${wanted})`
    })
    const head = `${snapshot.type} ${snapshot.state} generation=${snapshot.generation}`
    return [head, ...members].join(' ')
  }

  #event(event: GroupEvent): string {
    switch (event.kind) {
      case 'groupStateChanged':
        return `${event.groupId}: ${event.from} -> ${event.to}`
      case 'memberLeft':
        return `${event.memberId} is gone: ${event.reason}`
      case 'groupDeleted':
        return `${event.groupId} is ${event.reason}`
      case 'rebalanceCompleted':
        return `rebalance over after ${event.durationMs} ms, ${event.memberCount} members`
      case 'offsetDeleted':
        return `offset of ${event.topic}/${event.partition} removed`
      default:
        return ''
    }
  }
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
