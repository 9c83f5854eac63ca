import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { WireClient } from '../../../broker/protocol/client.ts'
import type { Decoded } from '../../../broker/protocol/fields.ts'
import type { createTopicsResponse } from '../../../broker/protocol/schemas/19-create-topics.ts'
import {
  describeClusterRequest,
  describeClusterResponse,
} from '../../../broker/protocol/schemas/60-describe-cluster.ts'
import { startBrokerProcess } from '../../support/broker.ts'
import { startKafka } from '../../support/kafka.ts'
import { clusterSteps } from './cluster-steps.ts'
import { type Difference, differences, flatten, MeantDifferences, shownDifference } from './compare.ts'
import { configSteps } from './config-steps.ts'
import { internalSteps } from './internal-steps.ts'
import { meantDifferences } from './meant-differences.ts'
import type { Step, World } from './script.ts'
import { deleteTopicSteps, topicSteps } from './topic-steps.ts'

/*
 * The same admin requests go to Apache Kafka 4.3.1 and to our broker, one after the other; each pair of decoded
 * answers has to agree field by field, but for the differences that meant-differences.ts lists with reasons.
 */

type Side = AsyncDisposable & { readonly client: WireClient; readonly world: World }

const meant = new MeantDifferences(meantDifferences)
let kafka: Side
let ours: Side

beforeAll(async () => {
  const started = await Promise.all([
    startKafka({ configs: { 'offsets.topic.num.partitions': 50 } }).then(connectTo),
    startBrokerProcess({ args: ['--config', 'node.id=1'] }).then(connectTo),
  ])
  ;[kafka, ours] = started
}, 120_000)

afterAll(async () => {
  await kafka?.[Symbol.asyncDispose]()
  await ours?.[Symbol.asyncDispose]()
})

async function connectTo(broker: { bootstrap: string; close(): Promise<void> }): Promise<Side> {
  const port = Number(broker.bootstrap.split(':').at(-1))
  const client = await WireClient.connect({ port, timeoutMs: 20_000 })
  const cluster = await client.send(describeClusterRequest, describeClusterResponse, 0, {
    includeClusterAuthorizedOperations: false,
  })
  const close = async () => {
    await client.close()
    await broker.close()
  }
  return {
    client,
    world: { nodeId: cluster.brokers[0]!.brokerId, topicIds: new Map() },
    [Symbol.asyncDispose]: close,
  }
}

async function ask({ client, world }: Side, step: Step): Promise<Map<string, string>> {
  const answer = await step.send(client, world)
  remember(step, answer, world)
  return flatten(answer, world, step.sameWords)
}

function remember(step: Step, answer: unknown, world: World): void {
  if (!step.name.startsWith('CreateTopicsRequest v7')) return
  const { topics } = answer as Decoded<typeof createTopicsResponse>
  for (const { name, topicId, errorCode } of topics) if (errorCode === 0) world.topicIds.set(name, topicId)
}

/**
 * What differs. Kafka's image of a change lags its answer by a moment, and ours does not: a question is put to
 * Kafka again until it has caught up, for a few seconds at most.
 */
async function compare(step: Step): Promise<string[]> {
  const answer = await ask(ours, step)
  const unmeant = async (): Promise<Difference[]> =>
    meant.unmeant(step.name, differences(await ask(kafka, step), answer))
  let found = await unmeant()
  const isReading = /^(Describe|List|Find)/.test(step.name)
  const untilMs = Date.now() + 5000
  while (isReading && found.length > 0 && Date.now() < untilMs) {
    found = await unmeant()
  }
  return found.map(shownDifference)
}

describe('our answers are those of Apache Kafka', () => {
  test.each([...topicSteps, ...configSteps, ...clusterSteps('moved'), ...deleteTopicSteps, ...internalSteps])(
    '$name',
    async (step) => expect(await compare(step)).toEqual([]),
  )

  test('what is meant to differ still does', () => expect(meant.stale()).toEqual([]))
})
