import type { configEndpoints } from '../../contract/configs.ts'
import type { topicEndpoints } from '../../contract/topics.ts'
import type { ClusterHandle } from '../clusters.ts'
import { alterConfigs, describeChangedConfigs, describeConfigs } from '../configs/config-resource.ts'
import type { Handlers } from '../http/router.ts'
import { KafkaError } from '../kafka/kafka-error.ts'
import { lagPrecision, topicConsumers } from '../live/group-views.ts'
import type { TopicState } from '../live/topic-state.ts'
import { topicColumns, topicHistoryView, topicView } from '../live/topic-views.ts'
import { addPartitions } from '../topics/add-partitions.ts'
import { createTopic } from '../topics/create-topic.ts'
import { deleteRecords } from '../topics/delete-records.ts'
import { deleteTopic } from '../topics/delete-topic.ts'
import { previewPartitions } from '../topics/partition-preview.ts'
import { topicProducers } from '../topics/topic-producers.ts'
import { storageByLogDirs, storageBySegments } from '../topics/topic-storage.ts'

type Keys = keyof typeof topicEndpoints | keyof typeof configEndpoints

export const topicRoutes: Handlers<Keys> = {
  'GET /api/clusters/{cluster}/topics': ({ clusters }, { params, query }) => {
    const { state } = clusters.get(params.cluster)
    return { precision: state.precision, topics: topicColumns(state, query) }
  },
  'POST /api/clusters/{cluster}/topics': async ({ clusters }, { params, body }) => {
    const cluster = clusters.get(params.cluster)
    const created = await createTopic(cluster.client, body)
    if (!body.validateOnly) await cluster.poller.refreshTopics([body.name])
    return created
  },
  'GET /api/clusters/{cluster}/topics/{topic}': async ({ clusters }, { params }) => {
    const topic = await topicOf(clusters.get(params.cluster), params.topic)
    return { topic: topicView(topic), history: topicHistoryView(topic) }
  },
  'DELETE /api/clusters/{cluster}/topics/{topic}': async ({ clusters }, { params }) => {
    const cluster = clusters.get(params.cluster)
    await deleteTopic(cluster.client, params.topic)
    await cluster.poller.refreshTopics([params.topic])
    return { ok: true }
  },
  'POST /api/clusters/{cluster}/topics/{topic}/clone': async ({ clusters }, { params, body }) => {
    const cluster = clusters.get(params.cluster)
    const { partitions } = await cluster.client.topic(params.topic)
    const configs = await describeConfigs(cluster.client, { type: 'topic', name: params.topic })
    await createTopic(cluster.client, {
      name: body.name,
      partitions: partitions.length,
      replicationFactor: partitions[0]?.replicaNodes.length ?? -1,
      configs: Object.fromEntries(
        configs.filter(({ isSet }) => isSet).map(({ name, value }) => [name, value ?? '']),
      ),
      validateOnly: false,
    })
    await cluster.poller.refreshTopics([body.name])
    return { name: body.name }
  },
  'GET /api/clusters/{cluster}/topics/{topic}/partition-preview': ({ clusters }, { params, query }) =>
    previewPartitions(clusters.get(params.cluster).client, params.topic, query.partitions),
  'POST /api/clusters/{cluster}/topics/{topic}/partitions': async ({ clusters }, { params, body }) => {
    const cluster = clusters.get(params.cluster)
    await addPartitions(cluster.client, params.topic, body.partitions, body.validateOnly)
    await cluster.poller.refreshTopics([params.topic])
    return { partitions: body.partitions }
  },
  'GET /api/clusters/{cluster}/topics/{topic}/consumers': ({ clusters }, { params }) => {
    const { state } = clusters.get(params.cluster)
    const read = [...state.groups.values()].flatMap(({ partitions }) =>
      [...partitions.values()].filter(({ topic }) => topic === params.topic),
    )
    return { precision: lagPrecision(state, read), consumers: topicConsumers(state, params.topic) }
  },
  'GET /api/clusters/{cluster}/topics/{topic}/producers': async ({ clusters }, { params }) => ({
    producers: await topicProducers(clusters.get(params.cluster).client, params.topic),
  }),
  'GET /api/clusters/{cluster}/topics/{topic}/storage': async ({ clusters }, { params }) => {
    const { broker, client, state } = clusters.get(params.cluster)
    const partitions =
      broker === undefined
        ? await storageByLogDirs(client, params.topic)
        : await storageBySegments(broker, params.topic)
    return { precision: state.precision, partitions }
  },
  'POST /api/clusters/{cluster}/topics/{topic}/delete-records': async ({ clusters }, { params, body }) => {
    const { client, state } = clusters.get(params.cluster)
    const partitions = await deleteRecords(client, params.topic, body.partitions)
    for (const { partition, logStartOffset, error } of partitions) {
      if (error === null)
        state.applyOffsets(params.topic, partition, { logStartOffset, arrivedRecords: 0 }, state.now())
    }
    return { partitions }
  },
  'GET /api/clusters/{cluster}/topics/{topic}/configs': async ({ clusters }, { params }) => ({
    configs: await describeConfigs(clusters.get(params.cluster).client, {
      type: 'topic',
      name: params.topic,
    }),
  }),
  'PATCH /api/clusters/{cluster}/topics/{topic}/configs': async ({ clusters }, { params, body }) => {
    const { client, state } = clusters.get(params.cluster)
    const resource = { type: 'topic', name: params.topic } as const
    await alterConfigs(client, resource, body.changes, body.validateOnly)
    const topic = state.topics.get(params.topic)
    // Asked for anew in the background.
    if (topic !== undefined) topic.cleanupPolicy = null
    const changes = body.validateOnly ? {} : body.changes
    return { configs: await describeChangedConfigs(client, resource, changes) }
  },
  'GET /api/clusters/{cluster}/brokers/{broker}/configs': async ({ clusters }, { params }) => ({
    configs: await describeConfigs(clusters.get(params.cluster).client, {
      type: 'broker',
      name: params.broker,
    }),
  }),
  'PATCH /api/clusters/{cluster}/brokers/{broker}/configs': async ({ clusters }, { params, body }) => {
    const { client } = clusters.get(params.cluster)
    const resource = { type: 'broker', name: params.broker } as const
    await alterConfigs(client, resource, body.changes, body.validateOnly)
    const changes = body.validateOnly ? {} : body.changes
    return { configs: await describeChangedConfigs(client, resource, changes) }
  },
}

/** The live state of a topic; looks once more when it is not known yet. */
async function topicOf(cluster: ClusterHandle, name: string): Promise<TopicState> {
  if (!cluster.state.topics.has(name)) await cluster.poller.refreshTopics([name])
  const topic = cluster.state.topics.get(name)
  if (topic === undefined) throw new KafkaError('UNKNOWN_TOPIC_OR_PARTITION', `There is no topic ${name}.`)
  return topic
}
