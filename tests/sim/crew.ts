import { BatchProducer } from './clients/batch-producer.ts'
import { ClassicMember } from './clients/classic-member.ts'
import type { Client, Surroundings } from './clients/client.ts'
import { CommittedReader } from './clients/committed-reader.ts'
import { ConsumerMember } from './clients/consumer-member.ts'
import { RecordDeleter } from './clients/record-deleter.ts'
import { TopicChurner } from './clients/topic-churner.ts'
import { TransactionalProducer } from './clients/transactional-producer.ts'
import { indexes, type Topic, topics, transactional } from './topics.ts'

type Member = ClassicMember | ConsumerMember

/** All who use the node in a schedule. */
export type Crew = {
  readonly batchProducers: readonly BatchProducer[]
  readonly transactionalProducers: readonly TransactionalProducer[]
  /** One a partition of the transactional topic. */
  readonly readers: readonly CommittedReader[]
  readonly classicMembers: readonly ClassicMember[]
  readonly consumerMembers: readonly ConsumerMember[]
  readonly admins: readonly Client[]
}

export function newCrew(surroundings: Surroundings): Crew {
  const producer = (name: string, topic: Topic, isIdempotent: boolean, keyCount = 0) =>
    new BatchProducer(
      { name, topic: topic.name, partitionCount: topic.partitions, isIdempotent, keyCount },
      surroundings,
    )
  const [plain, , compacted] = topics
  const { name: topic, partitions: partitionCount } = transactional
  const group = { topic: plain!.name, partitionCount: plain!.partitions }
  return {
    batchProducers: [
      producer('plain', plain!, false),
      producer('idempotent', plain!, true),
      producer('keyed', compacted!, true, 4),
    ],
    transactionalProducers: [true, false].map((isVersion2) => {
      const name = isVersion2 ? 'v2' : 'v1'
      return new TransactionalProducer({ name, topic, partitionCount, isVersion2 }, surroundings)
    }),
    readers: indexes(transactional).map((index) => new CommittedReader(topic, index, surroundings)),
    classicMembers: ['classic 1', 'classic 2'].map(
      (name) => new ClassicMember(name, { ...group, groupId: 'classic' }, surroundings),
    ),
    consumerMembers: ['AAAAAAAAAAAAAAAAAAAAAQ', 'AAAAAAAAAAAAAAAAAAAAAw'].map(
      (memberId) => new ConsumerMember(memberId, { ...group, groupId: 'consumer' }, surroundings),
    ),
    admins: [new RecordDeleter(plain!.name, plain!.partitions, surroundings), new TopicChurner(surroundings)],
  }
}

export function membersOf({ classicMembers, consumerMembers }: Crew): readonly Member[] {
  return [...classicMembers, ...consumerMembers]
}

export function clientsOf(crew: Crew): readonly Client[] {
  return [
    ...crew.batchProducers,
    ...crew.transactionalProducers,
    ...crew.readers,
    ...membersOf(crew),
    ...crew.admins,
  ]
}

/** Each partition has one owner in either group, and nobody is on the way in or out. */
export function areGroupsStable({ classicMembers, consumerMembers }: Crew): boolean {
  return isStable(classicMembers) && isStable(consumerMembers)
}

function isStable(members: readonly Member[]): boolean {
  const assigned = members.flatMap((member) => member.assigned ?? [])
  return members.every((member) => member.assigned) && assigned.sort().join() === indexes(topics[0]!).join()
}
