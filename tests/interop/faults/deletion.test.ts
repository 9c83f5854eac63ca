import { readdirSync } from 'node:fs'
import { setTimeout as delay } from 'node:timers/promises'
import { expect, test } from 'vitest'
import type { WireClient } from '../../../broker/protocol/client.ts'
import { produceRequest, produceResponse } from '../../../broker/protocol/schemas/00-produce.ts'
import { metadataRequest, metadataResponse } from '../../../broker/protocol/schemas/03-metadata.ts'
import {
  deleteTopicsRequest,
  deleteTopicsResponse,
} from '../../../broker/protocol/schemas/20-delete-topics.ts'
import { encodeRecordBatch } from '../../../broker/records/record-batch-builder.ts'
import { until } from './kill-loop.ts'
import { startKillable } from './killable.ts'
import { connectTo } from './known-log.ts'
import { withSchedule } from './seed.ts'
import { readWholeTopic } from './stored-log.ts'
import { createTopics } from './topics.ts'

/* The broker is killed (-9) while it deletes a topic: the topic is there as a whole, or gone for good. */

const rounds = 12
const partitions = 120
const topic = 'doomed'
/** Kafka keeps what it deleted for a minute else. */
const configs = { 'log.segment.delete.delay.ms': 100 }

/** One record into each partition, the first ones of a new topic. */
async function fill(client: WireClient, text: string): Promise<void> {
  const records = encodeRecordBatch({ records: [{ key: null, value: Buffer.from(text) }] })
  const partitionData = Array.from({ length: partitions }, (_, index) => ({ index, records }))
  const answer = await client.send(produceRequest, produceResponse, 9, {
    transactionalId: null,
    acks: -1,
    timeoutMs: 10_000,
    topicData: [{ name: topic, partitionData }],
  })
  const { partitionResponses } = answer.responses[0]!
  const wrong = partitionResponses.filter(({ errorCode, baseOffset }) => errorCode !== 0 || baseOffset !== 0)
  expect(wrong).toEqual([])
}

async function isThere(client: WireClient): Promise<boolean> {
  const answer = await client.send(metadataRequest, metadataResponse, 8, {
    topics: [{ name: topic }],
    allowAutoTopicCreation: false,
  })
  return answer.topics[0]!.errorCode === 0
}

/** Folders of the topic's partitions, also those on their way out (`-delete`). */
const folders = (dataDir: string) => readdirSync(dataDir).filter((name) => name.startsWith(`${topic}-`))

test(
  'a topic whose deletion is killed is whole or gone',
  () =>
    withSchedule('deletion', async (plan) => {
      await using broker = await startKillable({ configs })
      const outcomes = new Set<string>()
      for (let round = 0; round < rounds; round++) {
        let isAcked = false
        {
          await using client = await connectTo(broker)
          if (!(await isThere(client))) {
            await createTopics(broker, [topic], partitions)
            await fill(client, `round ${round}`)
          }
          const request = { topicNames: [topic], timeoutMs: 10_000 }
          const deletion = client.send(deleteTopicsRequest, deleteTopicsResponse, 4, request).then(
            () => {
              isAcked = true
            },
            () => {},
          )
          if (plan.between(0, 4) === 0) await deletion
          await delay(plan.between(0, 12))
          await broker.kill()
        }
        await broker.start()
        await using client = await connectTo(broker)
        const remains = await isThere(client)
        outcomes.add(`${isAcked ? 'acked' : 'not acked'}, ${remains ? 'there' : 'gone'}`)
        expect(isAcked && remains, `round ${round}: deleted and still there`).toBe(false)
        if (remains) {
          const counts = readWholeTopic(broker.dataDir, topic, partitions).map(
            ({ records }) => records.length,
          )
          expect(counts.every((count) => count === 1)).toBe(true)
        } else {
          await until(
            () => `the folders to go: ${folders(broker.dataDir).slice(0, 5)}`,
            () => folders(broker.dataDir).length === 0,
          )
        }
      }
      expect([...outcomes]).toContain('acked, gone')
    }),
  120_000,
)
