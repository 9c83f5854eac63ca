import type { WireClient } from '../../../../broker/protocol/client.ts'
import {
  listOffsetsRequest,
  listOffsetsResponse,
} from '../../../../broker/protocol/schemas/02-list-offsets.ts'
import { metadataRequest, metadataResponse } from '../../../../broker/protocol/schemas/03-metadata.ts'
import {
  offsetFetchRequest,
  offsetFetchResponse,
} from '../../../../broker/protocol/schemas/09-offset-fetch.ts'
import { listGroupsRequest, listGroupsResponse } from '../../../../broker/protocol/schemas/16-list-groups.ts'
import {
  describeConfigsRequest,
  describeConfigsResponse,
} from '../../../../broker/protocol/schemas/32-describe-configs.ts'
import {
  describeClientQuotasRequest,
  describeClientQuotasResponse,
} from '../../../../broker/protocol/schemas/48-describe-client-quotas.ts'
import {
  listTransactionsRequest,
  listTransactionsResponse,
} from '../../../../broker/protocol/schemas/66-list-transactions.ts'

const topicResource = 2
const configuredHere = 1
const bounds = { start: -2, end: -1 }
/** As many questions about one kind of thing go into one request. */
const batchSize = 200

/**
 * What a broker holds once all has been asked of it, by name: topics with their own configs, where their logs begin
 * and end, groups and what they have committed, transactions, quotas. An answer may agree and do something else.
 */
export async function whatIsThere(client: WireClient): Promise<Map<string, string>> {
  const found = new Map<string, string>()
  const metadata = await client.send(metadataRequest, metadataResponse, 12, { topics: null })
  const topics = metadata.topics.filter(({ isInternal }) => !isInternal)
  for (const { name, partitions } of topics) found.set(`topic ${name}`, `${partitions.length} partitions`)
  const names = topics.flatMap(({ name }) => name ?? [])
  await noteLogs(client, topics, found)
  await noteConfigs(client, names, found)
  await noteGroups(client, found)
  const transactions = await client.send(listTransactionsRequest, listTransactionsResponse, 0, {
    stateFilters: [],
    producerIdFilters: [],
  })
  for (const { transactionalId, transactionState } of transactions.transactionStates) {
    found.set(`transaction ${transactionalId}`, transactionState)
  }
  const quotas = await client.send(describeClientQuotasRequest, describeClientQuotasResponse, 1, {
    components: [],
    strict: false,
  })
  for (const { entity, values } of quotas.entries ?? []) {
    found.set(
      `quota ${JSON.stringify(entity)}`,
      JSON.stringify(values.toSorted((a, b) => (a.key < b.key ? -1 : 1))),
    )
  }
  return found
}

type Topics = readonly {
  readonly name: string | null
  readonly partitions: readonly { partitionIndex: number }[]
}[]

async function noteLogs(client: WireClient, topics: Topics, found: Map<string, string>): Promise<void> {
  for (const [bound, timestamp] of Object.entries(bounds)) {
    const answer = await client.send(listOffsetsRequest, listOffsetsResponse, 7, {
      replicaId: -1,
      topics: topics.map(({ name, partitions }) => ({
        name: name ?? '',
        partitions: partitions.map(({ partitionIndex }) => ({ partitionIndex, timestamp })),
      })),
    })
    for (const { name, partitions } of answer.topics) {
      for (const { partitionIndex, offset } of partitions) {
        found.set(`${bound} of ${name}-${partitionIndex}`, String(offset))
      }
    }
  }
}

async function noteConfigs(client: WireClient, names: readonly string[], found: Map<string, string>) {
  for (const some of batches(names)) {
    const answer = await client.send(describeConfigsRequest, describeConfigsResponse, 4, {
      resources: some.map((name) => ({
        resourceType: topicResource,
        resourceName: name,
        configurationKeys: null,
      })),
    })
    for (const { resourceName, configs } of answer.results) {
      const own = configs.filter(({ configSource }) => configSource === configuredHere)
      for (const { name, value } of own) found.set(`config ${name} of ${resourceName}`, String(value))
    }
  }
}

async function noteGroups(client: WireClient, found: Map<string, string>): Promise<void> {
  const { groups } = await client.send(listGroupsRequest, listGroupsResponse, 5, {})
  for (const { groupId, groupType, protocolType } of groups) {
    found.set(`group ${groupId}`, `${groupType.toLowerCase()} of ${protocolType}`)
  }
  for (const some of batches(groups.map(({ groupId }) => groupId))) {
    const answer = await client.send(offsetFetchRequest, offsetFetchResponse, 9, {
      groups: some.map((groupId) => ({ groupId, topics: null })),
    })
    for (const { groupId, topics } of answer.groups) {
      for (const { name, partitions } of topics) {
        for (const { partitionIndex, committedOffset, metadata } of partitions) {
          found.set(
            `committed by ${groupId} in ${name}-${partitionIndex}`,
            `${committedOffset} '${metadata}'`,
          )
        }
      }
    }
  }
}

function batches<T>(items: readonly T[]): T[][] {
  return Array.from({ length: Math.ceil(items.length / batchSize) }, (_, index) =>
    items.slice(index * batchSize, (index + 1) * batchSize),
  )
}
