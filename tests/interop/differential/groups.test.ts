import { afterEach, beforeEach, expect, test } from 'vitest'
import { type BrokerProcess, startBrokerProcess } from '../../support/broker.ts'
import { type Kafka, startKafka } from '../../support/kafka.ts'
import { GroupSpeaker } from './group-speaker.ts'

/*
 * The same conversations about groups with Apache Kafka 4.3.1 and with our broker: the answers have to be the
 * same, but for words of error messages and for the heartbeat interval (ours asks members that wait to hurry).
 */

const configs = {
  'offsets.topic.num.partitions': 1,
  'group.initial.rebalance.delay.ms': 0,
  'group.consumer.assignment.interval.ms': 0,
}

let kafka: Kafka
let ours: BrokerProcess

beforeEach(async () => {
  const args = Object.entries(configs).flatMap(([name, value]) => ['--config', `${name}=${value}`])
  ;[kafka, ours] = await Promise.all([startKafka({ configs }), startBrokerProcess({ args })])
}, 120_000)

afterEach(async () => {
  await kafka?.[Symbol.asyncDispose]()
  await ours?.[Symbol.asyncDispose]()
})

async function both(conversation: (speaker: GroupSpeaker) => Promise<void>): Promise<void> {
  const transcripts = await Promise.all(
    [kafka.bootstrap, ours.bootstrap].map(async (bootstrap) => {
      await using speaker = new GroupSpeaker(Number(bootstrap.split(':').at(-1)))
      await speaker.prepare('t', 'g')
      await conversation(speaker)
      return speaker.transcript()
    }),
  )
  expect(transcripts[1]).toEqual(transcripts[0])
}

test(
  'classic members come, go wrong and go',
  () =>
    both(async (speaker) => {
      await speaker.fetch('of nothing', 8)
      await speaker.fetch('of nothing', 8, { all: true })
      await speaker.describe('nothing')
      await speaker.describe('nothing, of old', 5)
      await speaker.heartbeat('nobody', 'ghost', 1)
      await speaker.leave('nobody', [{ memberId: 'ghost' }])
      await speaker.join('as ghost', { memberId: 'ghost' })
      await speaker.join('in a hurry', { sessionTimeoutMs: 1 })
      await speaker.join('nowhere', { groupId: '' })
      await speaker.join('nothing to say', { protocols: [] })
      const asked = await speaker.join('a asks', {})
      const a = speaker.called(asked.memberId, 'a')
      await speaker.describe('while pending')
      await speaker.list('while pending')
      await speaker.join('a', { memberId: a })
      await speaker.commit('too early', { memberId: a, generationIdOrMemberEpoch: 1 })
      await speaker.heartbeat('early', a, 1)
      await speaker.describe('while completing')
      await speaker.sync('wrong generation', a, 2)
      await speaker.sync('wrong protocol', a, 1, {}, { protocolName: 'sticky' })
      await speaker.sync('a', a, 1, { [a]: [0, 1, 2, 3] })
      await speaker.describe('stable')
      await speaker.list('stable')
      await speaker.describeConsumer('a classic group')
      await speaker.heartbeat('a', a, 1)
      await speaker.heartbeat('wrong generation', a, 7)
      await speaker.commit('a', { memberId: a, generationIdOrMemberEpoch: 1, metadata: 'text' })
      await speaker.commit('too long', {
        memberId: a,
        generationIdOrMemberEpoch: 1,
        metadata: 'x'.repeat(5_000),
      })
      await speaker.commit('wrong generation', { memberId: a, generationIdOrMemberEpoch: 3 })
      await speaker.commit('nobody', {})
      await speaker.commit('by id', { version: 10, memberId: a, generationIdOrMemberEpoch: 1 })
      for (const version of [8, 9, 10]) await speaker.fetch('stable', version)
      await speaker.fetch('all', 10, { all: true })
      await speaker.fetch('as a stranger', 9, { memberId: 'ghost', memberEpoch: 3 })
      await speaker.join('another type', { protocolType: 'connect' })
      await speaker.deleteOffsets('subscribed')
      await speaker.deleteGroups('g', 'none', '')
      await speaker.leave('a and a ghost', [{ memberId: a }, { memberId: 'ghost' }])
      await speaker.describe('empty')
      await speaker.deleteOffsets('empty')
      await speaker.deleteOffsets('none', 'none')
      await speaker.deleteGroups('g')
      await speaker.describe('deleted')
    }),
  120_000,
)

test(
  'two classic members rebalance; static ones return',
  () =>
    both(async (speaker) => {
      const first = await speaker.join('a', { groupInstanceId: 'ia' })
      const a = speaker.called(first.memberId, 'a')
      await speaker.sync('a', a, 1, { [a]: [0, 1, 2, 3] }, { groupInstanceId: 'ia' })
      const joining = speaker.join('b', { groupInstanceId: 'ib' })
      for (let told = 0; told !== 27; )
        told = (await quietly(speaker, () => speaker.heartbeat('', a, 1, 'ia'))).errorCode
      const again = await speaker.join('a again', { memberId: a, groupInstanceId: 'ia' })
      const b = speaker.called((await joining).memberId, 'b')
      // Which of the two answers was written down first is chance.
      speaker.answers.push(
        ...speaker.answers
          .splice(-2)
          .map((one) => one.replace(/"members":\[.*\]/, ''))
          .sort(),
      )
      expect(again.members.map(({ memberId }) => memberId).sort()).toEqual([a, b].sort())
      const waiting = speaker.sync('b', b, 2, {}, { groupInstanceId: 'ib' })
      await speaker.sync('a', a, 2, { [a]: [0, 1], [b]: [2, 3] }, { groupInstanceId: 'ia' })
      await waiting
      speaker.answers.push(...speaker.answers.splice(-2).sort())
      const back = await speaker.join('b returns', { groupInstanceId: 'ib' })
      const b2 = speaker.called(back.memberId, 'b2')
      await speaker.heartbeat('old b', b, 2, 'ib')
      await speaker.commit('old b', { memberId: b, generationIdOrMemberEpoch: 2, groupInstanceId: 'ib' })
      await speaker.join('old b', { memberId: b, groupInstanceId: 'ib' })
      await speaker.sync('b2', b2, 2, {}, { groupInstanceId: 'ib' })
      const leader = await speaker.join('a returns, of old', { groupInstanceId: 'ia', version: 8 })
      const a2 = speaker.called(leader.memberId, 'a2')
      const leaderAgain = await speaker.join('a returns', { groupInstanceId: 'ia' })
      const a3 = speaker.called(leaderAgain.memberId, 'a3')
      speaker.answers.push(speaker.answers.pop()!.replace(/"members":\[.*\]/, ''))
      await speaker.heartbeat('a2', a2, 2, 'ia')
      await speaker.leave('by instance', [
        { memberId: '', groupInstanceId: 'ib' },
        { memberId: '', groupInstanceId: 'no' },
      ])
      await speaker.heartbeat('a3', a3, 2, 'ia')
      await speaker.describe('rebalancing')
    }),
  120_000,
)

/** Asks without writing the answer down: how often is a matter of timing. */
async function quietly<T>(speaker: GroupSpeaker, ask: () => Promise<T>): Promise<T> {
  const answer = await ask()
  speaker.answers.pop()
  return answer
}

test(
  'the consumer protocol: epochs, revocation, static members, errors',
  () =>
    both(async (speaker) => {
      await speaker.beat('x', { groupId: 'fresh', memberId: 'x' })
      await speaker.beat('from nowhere', { memberEpoch: 3 })
      await speaker.beat('without id', { memberId: '' })
      await speaker.beat('without timeout', { rebalanceTimeoutMs: -1 })
      await speaker.beat('with partitions', { owned: [0] })
      await speaker.beat('without topics', { subscribedTopicNames: null })
      await speaker.beat('with an assignor of its own', { serverAssignor: 'sticky' })
      await speaker.beat('with no pattern', { subscribedTopicNames: null, subscribedTopicRegex: '(' })
      await speaker.beat('below all', { memberEpoch: -3 })
      await speaker.beat('static leave of nobody', { memberEpoch: -2 })
      await speaker.beat('m', {})
      await speaker.beat('m', { memberEpoch: 2 })
      await speaker.describeConsumer('one member')
      await speaker.describe('a consumer group')
      await speaker.list('one member')
      await speaker.beat('n', { memberId: 'n' })
      await speaker.beat('m', { memberEpoch: 2 })
      const owned = [...Array(4).keys()]
      await speaker.beat('m still has all', { memberEpoch: 2, owned })
      await speaker.describeConsumer('reconciling')
      await speaker.beat('n waits', { memberId: 'n', memberEpoch: 3 })
      await speaker.commit('m', { memberId: 'm', generationIdOrMemberEpoch: 2 })
      await speaker.commit('m, ahead', { memberId: 'm', generationIdOrMemberEpoch: 4 })
      await speaker.commit('m, of old', { version: 8, memberId: 'm', generationIdOrMemberEpoch: 2 })
      await speaker.commit('stranger', { memberId: 'x', generationIdOrMemberEpoch: 2 })
      await speaker.fetch('m', 9, { memberId: 'm', memberEpoch: 2 })
      await speaker.fetch('m, ahead', 9, { memberId: 'm', memberEpoch: 4 })
      await speaker.fetch('stranger', 10, { memberId: 'x', memberEpoch: 2 })
      await speaker.beat('m, ahead', { memberEpoch: 9 })
      await speaker.beat('n, behind', { memberId: 'n', memberEpoch: 2 })
      await speaker.heartbeat('m with the other protocol', 'm', 2)
      await speaker.deleteOffsets('subscribed')
      await speaker.deleteGroups('g')
      await speaker.beat('n leaves', { memberId: 'n', memberEpoch: -1 })
      await speaker.beat('n leaves again', { memberId: 'n', memberEpoch: -1 })
      await speaker.beat('m leaves', { memberEpoch: -1 })
      await speaker.describeConsumer('empty')
      await speaker.beat('s', { memberId: 's', instanceId: 'i' })
      await speaker.beat('s2 too soon', { memberId: 's2', instanceId: 'i' })
      await speaker.beat('s for a while', { memberId: 's', instanceId: 'i', memberEpoch: -2 })
      await speaker.describeConsumer('s is away')
      await speaker.beat('s2', { memberId: 's2', instanceId: 'i' })
      await speaker.beat('s is gone', { memberId: 's', instanceId: 'i', memberEpoch: 5 })
      await speaker.describeConsumer('s2 is here')
      await speaker.beat('s2 leaves', { memberId: 's2', instanceId: 'i', memberEpoch: -1 })
      await speaker.deleteGroups('g')
    }),
  120_000,
)

test(
  'a classic group becomes a consumer group and back',
  () =>
    both(async (speaker) => {
      const first = await speaker.join('c', { version: 3 })
      const c = speaker.called(first.memberId, 'c1')
      await speaker.sync('c', c, 1, { [c]: [0, 1, 2, 3] })
      await speaker.beat('m', {})
      await speaker.describeConsumer('both protocols')
      await speaker.heartbeat('c', c, 1)
      const joined = await speaker.join('c gives up', { memberId: c })
      await speaker.sync('c', c, joined.generationId)
      await speaker.heartbeat('c', c, joined.generationId)
      await speaker.beat('m gets its share', { memberEpoch: 2 })
      await speaker.describeConsumer('settled')
      await speaker.list('settled')
      await speaker.join('stranger', { protocolType: 'connect' })
      await speaker.join('a new one asks', {}).then(({ memberId }) => speaker.called(memberId, 'asked'))
      await speaker.beat('m leaves', { memberEpoch: -1 })
      await speaker.heartbeat('c', c, joined.generationId)
      await speaker.describe('classic again')
      const rejoined = await speaker.join('c', { memberId: c })
      await speaker.sync('c', c, rejoined.generationId, { [c]: [0, 1, 2, 3] })
      await speaker.describe('classic and stable')
    }),
  120_000,
)
