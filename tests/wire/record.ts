/**
 * Talks to Apache Kafka 4.3.1 in every version of every API of ours and keeps the frames, without their
 * length prefix, as golden vectors: `node tests/wire/record.ts` rewrites tests/wire/golden/kafka.
 */
import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { WireClient } from '../../broker/protocol/client.ts'
import { errorCode } from '../../broker/protocol/error-codes.ts'
import { metadataRequest, metadataResponse } from '../../broker/protocol/schemas/03-metadata.ts'
import {
  findCoordinatorRequest,
  findCoordinatorResponse,
} from '../../broker/protocol/schemas/10-find-coordinator.ts'
import { heartbeatRequest, heartbeatResponse } from '../../broker/protocol/schemas/12-heartbeat.ts'
import { createTopicsRequest, createTopicsResponse } from '../../broker/protocol/schemas/19-create-topics.ts'
import {
  initProducerIdRequest,
  initProducerIdResponse,
} from '../../broker/protocol/schemas/22-init-producer-id.ts'
import { untilAnswers } from '../support/child.ts'
import { startKafka } from '../support/kafka.ts'
import { playCluster, playConfigs, playTopics } from './scenes-admin.ts'
import { playConsumerGroups, playGroups, playRecords } from './scenes-data.ts'
import { playOperations, playSecurity } from './scenes-operations.ts'
import { playShareGroups, playStreamsGroups } from './scenes-share.ts'
import { playTransactions } from './scenes-transaction.ts'
import type { Stage } from './stage.ts'

const folder = join(import.meta.dirname, 'golden/kafka')
const topic = 'golden'
const scenes = [
  playRecords,
  playGroups,
  playConsumerGroups,
  playShareGroups,
  playStreamsGroups,
  playConfigs,
  playCluster,
  playTransactions,
  playSecurity,
  playOperations,
  playTopics,
]

/** The new topic's id, once its partitions have leaders. */
async function createTopic(client: WireClient): Promise<string> {
  const made = { name: topic, numPartitions: 3, replicationFactor: 1, assignments: [], configs: [] }
  const created = await client.send(createTopicsRequest, createTopicsResponse, 7, { topics: [made] })
  for (;;) {
    const metadata = await client.send(metadataRequest, metadataResponse, 12, { topics: [{ name: topic }] })
    if (metadata.topics[0]!.errorCode === 0) return created.topics[0]!.topicId
  }
}

/** Kafka makes the coordinators' topics when they are first asked for, and answers with errors until then. */
async function awaitCoordinators(client: WireClient): Promise<void> {
  const ready = async () => {
    for (const keyType of [0, 1]) {
      const coordinatorKeys = ['golden']
      const found = await client.send(findCoordinatorRequest, findCoordinatorResponse, 4, {
        keyType,
        coordinatorKeys,
      })
      if (found.coordinators[0]!.errorCode !== 0) return undefined
    }
    for (let index = 0; index < 20; index++) {
      const group = { groupId: `golden-${index}`, generationId: 0, memberId: 'nobody' }
      const beat = await client.send(heartbeatRequest, heartbeatResponse, 4, group)
      const init = { transactionalId: `ready-${index}`, transactionTimeoutMs: 1000 }
      const begun = await client.send(initProducerIdRequest, initProducerIdResponse, 4, init)
      if (beat.errorCode !== errorCode.unknownMemberId || begun.errorCode !== 0) return undefined
    }
    return true
  }
  await untilAnswers(ready, { timeoutMs: 30_000, intervalMs: 50 })
}

/** Plays each scene on a connection of its own, so that one failure does not hide the others. */
async function play(port: number, unrecorded: WireClient, topicId: string): Promise<Map<number, string[]>> {
  const vectors = new Map<number, string[]>()
  const onExchange = (request: Buffer, response: Buffer) => {
    const apiKey = request.readInt16BE(0)
    const vector = { version: request.readInt16BE(2), request: request.toString('hex') }
    const line = JSON.stringify({ ...vector, response: response.toString('hex') })
    vectors.set(apiKey, [...(vectors.get(apiKey) ?? []), line])
  }
  for (const scene of scenes) {
    await using client = await WireClient.connect({ port, clientId: 'golden', timeoutMs: 40_000, onExchange })
    const stage: Stage = { client, unrecorded, topic, topicId }
    try {
      await scene(stage)
    } catch (cause) {
      throw new Error(`${scene.name} came to an end`, { cause })
    }
  }
  return vectors
}

await using kafka = await startKafka({ temporaryIn: '/dev/shm' })
const port = Number(kafka.bootstrap.split(':')[1])
await using setup = await WireClient.connect({ port })
await awaitCoordinators(setup)
const topicId = await createTopic(setup)
const vectors = await play(port, setup, topicId)
rmSync(folder, { recursive: true, force: true })
mkdirSync(folder, { recursive: true })
for (const [apiKey, some] of vectors) {
  const file = `${String(apiKey).padStart(2, '0')}.json`
  writeFileSync(join(folder, file), `[\n${some.join(',\n')}\n]\n`)
}
console.log(`${[...vectors.values()].flat().length} exchanges of ${vectors.size} APIs`)
