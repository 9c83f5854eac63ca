import { z } from 'zod'
import { endpointTable } from './endpoint.ts'
import { point, precision } from './figures.ts'

/** What the page may offer on a cluster. Anything false is hidden or explained, never faked. */
export const capabilities = z
  .object({
    /** Exact figures and live events over the host channel (embedded broker only). */
    hostEvents: z.boolean(),
    /** Segment and index files of a partition. */
    storage: z.boolean(),
    /** Connections of every client and their last requests. */
    connections: z.boolean(),
    /** Join, sync, heartbeat and revocation steps as the coordinator took them. */
    rebalanceSteps: z.boolean(),
    /** Requests by API with latency. */
    requestMetrics: z.boolean(),
    /** DescribeProducers (61). */
    producers: z.boolean(),
    /** ConsumerGroupDescribe (69). */
    consumerProtocol: z.boolean(),
    /** The sample stream may be started. */
    sample: z.boolean(),
  })
  .meta({ id: 'Capabilities' })
export type Capabilities = z.infer<typeof capabilities>

export const cluster = z
  .object({
    /** Used in every path; `embedded`, or a slug of the bootstrap address. */
    id: z.string(),
    name: z.string(),
    kind: z.enum(['embedded', 'external']),
    bootstrapServers: z.array(z.string()),
    state: z.enum(['connecting', 'online', 'offline']),
    /** Why it is offline. */
    problem: z.string().nullable(),
    kafkaClusterId: z.string().nullable(),
    /** Data folder of the embedded broker; null elsewhere. */
    dataDir: z.string().nullable(),
    ephemeral: z.boolean(),
    capabilities,
  })
  .meta({ id: 'Cluster' })
export type Cluster = z.infer<typeof cluster>

export const activity = z
  .object({
    at: z.number(),
    kind: z.enum([
      'clientConnected',
      'clientDisconnected',
      'topicCreated',
      'topicDeleted',
      'partitionsAdded',
      'groupRebalanced',
      'groupEmpty',
      'groupCreated',
      'groupDeleted',
      'partitionOffline',
      'brokerOnline',
      'brokerOffline',
    ]),
    /** Topic, group, client or broker that it is about. */
    subject: z.string(),
    text: z.string(),
  })
  .meta({ id: 'Activity' })
export type Activity = z.infer<typeof activity>

export const laggingGroup = z.object({
  groupId: z.string(),
  state: z.string(),
  lag: z.number().nullable(),
  lagSeconds: z.number().nullable(),
  /** Records a second by which the lag changes; negative: catching up. */
  trend: z.number().nullable(),
})

export const overview = z
  .object({
    at: z.number(),
    brokers: z.object({ online: z.number(), total: z.number() }),
    topics: z.number(),
    internalTopics: z.number(),
    partitions: z.number(),
    offlinePartitions: z.number(),
    underReplicatedPartitions: z.number(),
    groups: z.number(),
    activeGroups: z.number(),
    connections: z.number().nullable(),
    records: z.number(),
    sizeBytes: z.number().nullable(),
    rates: z.object({
      precision,
      recordsInPerSecond: z.number(),
      /** Null where the cluster does not say (external). */
      bytesInPerSecond: z.number().nullable(),
      bytesOutPerSecond: z.number().nullable(),
      requestsPerSecond: z.number().nullable(),
    }),
    lagging: z.array(laggingGroup),
    activity: z.array(activity),
    /** Neither a topic of the user's nor a group nor a client yet: show the three ways to begin. */
    empty: z.boolean(),
  })
  .meta({ id: 'Overview' })
export type Overview = z.infer<typeof overview>

/** Last 30 minutes, one point every 5 s at most. */
export const overviewHistory = z.object({
  recordsInPerSecond: z.array(point),
  bytesInPerSecond: z.array(point),
  bytesOutPerSecond: z.array(point),
  lag: z.array(point),
})
export type OverviewHistory = z.infer<typeof overviewHistory>

export const connectSnippet = z.object({
  language: z.enum(['node', 'java', 'python', 'go', 'kcat']),
  title: z.string(),
  install: z.string(),
  code: z.string(),
})
export type ConnectSnippet = z.infer<typeof connectSnippet>

export const clusterEndpoints = endpointTable({
  'GET /api/clusters': {
    tag: 'Clusters',
    summary: 'Clusters that this dashboard is open on, the default one first',
    response: z.object({ clusters: z.array(cluster) }),
  },
  'GET /api/clusters/{cluster}': {
    tag: 'Clusters',
    summary: 'One cluster with what it can do',
    response: cluster,
  },
  'GET /api/clusters/{cluster}/overview': {
    tag: 'Clusters',
    summary: 'The whole cluster in one answer, with 30 minutes of history',
    response: z.object({ overview, history: overviewHistory }),
  },
  'GET /api/clusters/{cluster}/snippets': {
    tag: 'Clusters',
    summary: 'Code that connects a client in five languages, with the real address filled in',
    query: z.object({ topic: z.string().optional() }),
    response: z.object({ snippets: z.array(connectSnippet) }),
  },
})
