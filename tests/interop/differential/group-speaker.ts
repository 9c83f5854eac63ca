import { encodeAssignment, encodeSubscription } from '../../../broker/coordinator/group/consumer-protocol.ts'
import { WireClient } from '../../../broker/protocol/client.ts'
import { errorOf } from '../../../broker/protocol/error-codes.ts'
import type { Encodable } from '../../../broker/protocol/fields.ts'
import { zeroUuid } from '../../../broker/protocol/reader.ts'
import { metadataRequest, metadataResponse } from '../../../broker/protocol/schemas/03-metadata.ts'
import {
  offsetCommitRequest,
  offsetCommitResponse,
} from '../../../broker/protocol/schemas/08-offset-commit.ts'
import { offsetFetchRequest, offsetFetchResponse } from '../../../broker/protocol/schemas/09-offset-fetch.ts'
import {
  findCoordinatorRequest,
  findCoordinatorResponse,
} from '../../../broker/protocol/schemas/10-find-coordinator.ts'
import { joinGroupRequest, joinGroupResponse } from '../../../broker/protocol/schemas/11-join-group.ts'
import { heartbeatRequest, heartbeatResponse } from '../../../broker/protocol/schemas/12-heartbeat.ts'
import { leaveGroupRequest, leaveGroupResponse } from '../../../broker/protocol/schemas/13-leave-group.ts'
import { syncGroupRequest, syncGroupResponse } from '../../../broker/protocol/schemas/14-sync-group.ts'
import {
  describeGroupsRequest,
  describeGroupsResponse,
} from '../../../broker/protocol/schemas/15-describe-groups.ts'
import { listGroupsRequest, listGroupsResponse } from '../../../broker/protocol/schemas/16-list-groups.ts'
import {
  createTopicsRequest,
  createTopicsResponse,
} from '../../../broker/protocol/schemas/19-create-topics.ts'
import {
  deleteGroupsRequest,
  deleteGroupsResponse,
} from '../../../broker/protocol/schemas/42-delete-groups.ts'
import {
  offsetDeleteRequest,
  offsetDeleteResponse,
} from '../../../broker/protocol/schemas/47-offset-delete.ts'
import {
  consumerGroupHeartbeatRequest,
  consumerGroupHeartbeatResponse,
} from '../../../broker/protocol/schemas/68-consumer-group-heartbeat.ts'
import {
  consumerGroupDescribeRequest,
  consumerGroupDescribeResponse,
} from '../../../broker/protocol/schemas/69-consumer-group-describe.ts'

type Without<Request, Names extends string> = Partial<Omit<Request, Names>>
type Join = Partial<Encodable<typeof joinGroupRequest>> & { version?: number; topics?: string[] }
type Beat = Without<Encodable<typeof consumerGroupHeartbeatRequest>, 'topicPartitions'> & {
  version?: number
  owned?: number[] | null
}

/** Speaks the group APIs to one broker and writes down all answers, with names for the ids that a broker makes. */
export class GroupSpeaker implements AsyncDisposable {
  readonly answers: string[] = []
  readonly #connect: () => Promise<WireClient>
  readonly #all: WireClient[] = []
  /** Those that wait for no answer. */
  readonly #clients: WireClient[] = []
  readonly #names = new Map<string, string>()
  topicId = zeroUuid

  constructor(port: number) {
    this.#connect = async () => {
      const client = await WireClient.connect({ port, timeoutMs: 20_000, clientId: 'c' })
      this.#all.push(client)
      return client
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const client of this.#all) await client.close()
  }

  /** A connection of its own, so that a waiting join holds nobody up. */
  async #client(): Promise<WireClient> {
    return this.#clients.pop() ?? (await this.#connect())
  }

  async #ask<T>(label: string, ask: (client: WireClient) => Promise<T>): Promise<T> {
    const client = await this.#client()
    try {
      const answer = await ask(client)
      this.#note(label, answer)
      return answer
    } finally {
      this.#clients.push(client)
    }
  }

  #note(label: string, answer: unknown): void {
    const text = JSON.stringify(answer, (key, value) => {
      if (key === 'errorMessage' || key === 'heartbeatIntervalMs' || key === 'throttleTimeMs')
        return undefined
      if (key === 'errorCode') return errorOf(value as number).name
      // Kafka's order of what it keeps in hash maps is chance.
      return ['results', 'partitions', 'groups', 'members'].includes(key) ? sorted(value) : value
    })
    this.answers.push(`${label} ${text}`)
  }

  /** All answers, with the ids replaced by the names that `called` gave them. */
  transcript(): string[] {
    const ids = [...this.#names].sort((a, b) => b[0].length - a[0].length)
    return this.answers.map((answer) => ids.reduce((text, [id, name]) => text.replaceAll(id, name), answer))
  }

  called(id: string, name: string): string {
    if (id !== '') this.#names.set(id, name)
    return id
  }

  async prepare(topic: string, group: string): Promise<void> {
    const client = await this.#client()
    const body = { name: topic, numPartitions: 4, replicationFactor: 1, assignments: [], configs: [] }
    await client.send(createTopicsRequest, createTopicsResponse, 7, { topics: [body], timeoutMs: 10_000 })
    for (let attempt = 0; attempt < 100; attempt++) {
      const found = await client.send(findCoordinatorRequest, findCoordinatorResponse, 4, {
        coordinatorKeys: [group],
      })
      const fetched = await client.send(offsetFetchRequest, offsetFetchResponse, 8, {
        groups: [{ groupId: group, topics: null }],
      })
      const metadata = await client.send(metadataRequest, metadataResponse, 12, {
        topics: [{ name: topic }],
        allowAutoTopicCreation: false,
      })
      this.topicId = metadata.topics[0]!.topicId
      const codes = [
        found.coordinators[0]!.errorCode,
        fetched.groups[0]!.errorCode,
        metadata.topics[0]!.errorCode,
      ]
      if (codes.every((code) => code === 0)) break
      await new Promise((resolve) => setTimeout(resolve, 200))
    }
    this.called(this.topicId, 'topic-id')
    this.#clients.push(client)
  }

  join(label: string, given: Join) {
    const { version = 9, topics = ['t'], ...fields } = given
    return this.#ask(`join ${label}`, (client) =>
      client.send(joinGroupRequest, joinGroupResponse, version, {
        groupId: 'g',
        memberId: '',
        sessionTimeoutMs: 30_000,
        rebalanceTimeoutMs: 30_000,
        protocolType: 'consumer',
        protocols: [{ name: 'range', metadata: encodeSubscription({ topics }, 1) }],
        ...fields,
      }),
    )
  }

  sync(
    label: string,
    memberId: string,
    generationId: number,
    assign: Record<string, number[]> = {},
    more = {},
  ) {
    const assignments = Object.entries(assign).map(([id, partitions]) => {
      return { memberId: id, assignment: encodeAssignment([{ topic: 't', partitions }], 1) }
    })
    return this.#ask(`sync ${label}`, (client) =>
      client.send(syncGroupRequest, syncGroupResponse, 5, {
        groupId: 'g',
        memberId,
        generationId,
        protocolType: 'consumer',
        protocolName: 'range',
        assignments,
        ...more,
      }),
    )
  }

  heartbeat(label: string, memberId: string, generationId: number, groupInstanceId: string | null = null) {
    const body = { groupId: 'g', memberId, generationId, groupInstanceId }
    return this.#ask(`heartbeat ${label}`, (client) =>
      client.send(heartbeatRequest, heartbeatResponse, 4, body),
    )
  }

  leave(label: string, members: { memberId: string; groupInstanceId?: string }[]) {
    const body = { groupId: 'g', members }
    return this.#ask(`leave ${label}`, (client) =>
      client.send(leaveGroupRequest, leaveGroupResponse, 5, body),
    )
  }

  beat(label: string, given: Beat) {
    const { version = 1, owned, ...fields } = given
    const isJoin = (fields.memberEpoch ?? 0) === 0
    const partitions = owned === undefined ? (isJoin ? [] : null) : owned
    return this.#ask(`beat ${label}`, (client) =>
      client.send(consumerGroupHeartbeatRequest, consumerGroupHeartbeatResponse, version, {
        groupId: 'g',
        memberId: 'm',
        memberEpoch: 0,
        rebalanceTimeoutMs: isJoin ? 30_000 : -1,
        subscribedTopicNames: isJoin ? ['t'] : null,
        topicPartitions:
          partitions === null ? null : partitions.length === 0 ? [] : [{ topicId: this.topicId, partitions }],
        ...fields,
      }),
    )
  }

  commit(
    label: string,
    given: Partial<Encodable<typeof offsetCommitRequest>> & { version?: number; metadata?: string },
  ) {
    const { version = 9, metadata = '', ...fields } = given
    const partition = { partitionIndex: 0, committedOffset: 5, committedMetadata: metadata }
    return this.#ask(`commit ${label}`, (client) =>
      client.send(offsetCommitRequest, offsetCommitResponse, version, {
        groupId: 'g',
        memberId: '',
        generationIdOrMemberEpoch: -1,
        topics: [{ name: 't', topicId: this.topicId, partitions: [partition] }],
        ...fields,
      }),
    )
  }

  fetch(
    label: string,
    version: number,
    given: { groupId?: string; memberId?: string; memberEpoch?: number; all?: boolean } = {},
  ) {
    const { all, ...fields } = given
    const topics = all ? null : [{ name: 't', topicId: this.topicId, partitionIndexes: [0, 1, 9] }]
    return this.#ask(`fetch ${label}`, (client) =>
      client.send(offsetFetchRequest, offsetFetchResponse, version, {
        groups: [{ groupId: 'g', topics, ...fields }],
      }),
    )
  }

  deleteOffsets(label: string, groupId = 'g') {
    const topics = [{ name: 't', partitions: [{ partitionIndex: 0 }, { partitionIndex: 99 }] }]
    return this.#ask(`deleteOffsets ${label}`, (client) =>
      client.send(offsetDeleteRequest, offsetDeleteResponse, 0, { groupId, topics }),
    )
  }

  deleteGroups(...groupsNames: string[]) {
    return this.#ask('deleteGroups', (client) =>
      client.send(deleteGroupsRequest, deleteGroupsResponse, 2, { groupsNames }),
    )
  }

  describe(label: string, version = 6, groupId = 'g') {
    const body = { groups: [groupId], includeAuthorizedOperations: version >= 3 }
    return this.#ask(`describe ${label}`, (client) =>
      client.send(describeGroupsRequest, describeGroupsResponse, version, body),
    )
  }

  describeConsumer(label: string, groupId = 'g') {
    const body = { groupIds: [groupId], includeAuthorizedOperations: true }
    return this.#ask(`describeConsumer ${label}`, (client) =>
      client.send(consumerGroupDescribeRequest, consumerGroupDescribeResponse, 1, body),
    )
  }

  list(label: string) {
    return this.#ask(`list ${label}`, (client) => client.send(listGroupsRequest, listGroupsResponse, 5, {}))
  }
}

function sorted(value: unknown): unknown {
  if (!Array.isArray(value)) return value
  const idOf = (one: unknown) => JSON.stringify(one, (key, part) => (key === 'errorCode' ? undefined : part))
  return [...value].sort((a, b) => (idOf(a) < idOf(b) ? -1 : 1))
}
