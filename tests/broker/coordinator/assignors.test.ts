import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Assignor, AssignorMember } from '../../../broker/coordinator/group/assignors/assignor.ts'
import { range } from '../../../broker/coordinator/group/assignors/range.ts'
import { uniform } from '../../../broker/coordinator/group/assignors/uniform.ts'

type Topics = Readonly<Record<string, number>>
type Assigned = Readonly<Record<string, Readonly<Record<string, readonly number[]>>>>

function member(
  memberId: string,
  topics: readonly string[],
  assigned: Assigned[string] = {},
  instanceId: string | null = null,
): AssignorMember {
  const own = new Map(Object.entries(assigned).map(([topic, partitions]) => [topic, new Set(partitions)]))
  return { memberId, instanceId, subscribedTopicIds: new Set(topics), assigned: own }
}

function run(assign: Assignor, members: readonly AssignorMember[], topics: Topics): Assigned {
  const target = assign({ members, partitionCount: (topic) => topics[topic] ?? 0 })
  return Object.fromEntries(
    [...target].map(([memberId, partitions]) => [
      memberId,
      Object.fromEntries([...partitions].map(([topic, set]) => [topic, [...set].sort((a, b) => a - b)])),
    ]),
  )
}

const counts = (assigned: Assigned) =>
  Object.values(assigned).map((byTopic) => Object.values(byTopic).reduce((sum, list) => sum + list.length, 0))

describe('range', () => {
  test('neighbouring partitions, the first members one more, topics cut alike', () => {
    const members = [member('b', ['t', 'u']), member('a', ['t', 'u'])]
    expect(run(range, members, { t: 3, u: 3 })).toEqual({
      a: { t: [0, 1], u: [0, 1] },
      b: { t: [2], u: [2] },
    })
  })

  test('static members first, by instance id', () => {
    const members = [member('a', ['t']), member('z', ['t'], {}, 'i2'), member('y', ['t'], {}, 'i1')]
    expect(run(range, members, { t: 3 })).toEqual({ y: { t: [0] }, z: { t: [1] }, a: { t: [2] } })
  })

  test('more members than partitions; members with topics of their own', () => {
    expect(run(range, [member('a', ['t']), member('b', ['t']), member('c', ['t'])], { t: 2 })).toEqual({
      a: { t: [0] },
      b: { t: [1] },
      c: {},
    })
    expect(run(range, [member('a', ['t', 'u']), member('b', ['u'])], { t: 2, u: 3 })).toEqual({
      a: { t: [0, 1], u: [0, 1] },
      b: { u: [2] },
    })
  })
})

describe('uniform', () => {
  test('a fresh group is filled in order', () => {
    expect(run(uniform, [member('a', ['t']), member('b', ['t'])], { t: 5 })).toEqual({
      a: { t: [0, 1, 2] },
      b: { t: [3, 4] },
    })
  })

  test('a member that comes takes only its share', () => {
    const members = [member('a', ['t'], { t: [0, 1, 2, 3] }), member('b', ['t'])]
    expect(run(uniform, members, { t: 4 })).toEqual({ a: { t: [0, 1] }, b: { t: [2, 3] } })
  })

  test('a member that goes leaves its partitions to the others, who keep theirs', () => {
    const members = [member('a', ['t'], { t: [0, 1] }), member('b', ['t'], { t: [4, 5] })]
    expect(run(uniform, members, { t: 6 })).toEqual({ a: { t: [0, 1, 2] }, b: { t: [3, 4, 5] } })
  })

  test('who has one more keeps it, wherever it stands', () => {
    const members = [member('a', ['t'], { t: [0] }), member('b', ['t'], { t: [1, 2] })]
    expect(run(uniform, members, { t: 3 })).toEqual({ a: { t: [0] }, b: { t: [1, 2] } })
  })

  test('partitions of topics that are no longer subscribed are given up', () => {
    expect(run(uniform, [member('a', ['t'], { t: [0], u: [0, 1] })], { t: 2 })).toEqual({ a: { t: [0, 1] } })
  })

  test('different subscriptions: everything is assigned, to subscribers, as evenly as they allow', () => {
    const members = [member('a', ['t', 'u'], { t: [0, 1, 2, 3] }), member('b', ['u'])]
    expect(run(uniform, members, { t: 4, u: 3 })).toEqual({ a: { t: [0, 1, 2, 3] }, b: { u: [0, 1, 2] } })
  })
})

const topicCounts = fc.record({ t: fc.nat({ max: 12 }), u: fc.nat({ max: 12 }), v: fc.nat({ max: 5 }) })
const subscriptions = fc.array(fc.subarray(['t', 'u', 'v']), { minLength: 1, maxLength: 6 })

function checkComplete(assigned: Assigned, members: readonly AssignorMember[], topics: Topics): void {
  const seen = new Set<string>()
  for (const [memberId, byTopic] of Object.entries(assigned)) {
    const { subscribedTopicIds } = members.find((one) => one.memberId === memberId)!
    for (const [topic, partitions] of Object.entries(byTopic)) {
      expect(subscribedTopicIds.has(topic)).toBe(true)
      for (const partition of partitions) {
        expect(partition).toBeLessThan(topics[topic]!)
        expect(seen.has(`${topic}/${partition}`)).toBe(false)
        seen.add(`${topic}/${partition}`)
      }
    }
  }
  const wanted = new Set(members.flatMap((one) => [...one.subscribedTopicIds]))
  expect(seen.size).toBe([...wanted].reduce((sum, topic) => sum + topics[topic]!, 0))
}

describe('any members, any topics', () => {
  test.each([
    ['range', range],
    ['uniform', uniform],
  ] as const)('%s assigns each partition once, to a subscriber', (_name, assign) => {
    fc.assert(
      fc.property(subscriptions, topicCounts, (lists, topics) => {
        const members = lists.map((topicIds, index) => member(`m${index}`, topicIds))
        checkComplete(run(assign, members, topics), members, topics)
      }),
    )
  })

  test('uniform is balanced, and moves nothing when nothing changes', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 6 }),
        fc.integer({ min: 1, max: 6 }),
        topicCounts,
        (before, after, topics) => {
          const topicIds = ['t', 'u', 'v']
          const first = run(
            uniform,
            Array.from({ length: before }, (_, i) => member(`m${i}`, topicIds)),
            topics,
          )
          const members = Array.from({ length: after }, (_, i) => member(`m${i}`, topicIds, first[`m${i}`]))
          const second = run(uniform, members, topics)
          checkComplete(second, members, topics)
          expect(Math.max(...counts(second)) - Math.min(...counts(second))).toBeLessThanOrEqual(1)
          const again = run(
            uniform,
            members.map((one) => member(one.memberId, topicIds, second[one.memberId])),
            topics,
          )
          expect(again).toEqual(second)
          // With more members than before, nobody gets what another old member had.
          if (after < before) return
          for (let index = 0; index < before; index++) {
            for (const [topic, partitions] of Object.entries(second[`m${index}`]!)) {
              expect(first[`m${index}`]![topic] ?? []).toEqual(expect.arrayContaining([...partitions]))
            }
          }
        },
      ),
    )
  })
})
