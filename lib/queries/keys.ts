/**
 * Query keys, all in one place. Everything of a cluster begins with `['cluster', id]`, so that one call throws all
 * of it away when the cluster comes back.
 */
export const keys = {
  clusters: () => ['clusters'] as const,
  ofCluster: (cluster: string) => ['cluster', cluster] as const,
  overview: (cluster: string) => ['cluster', cluster, 'overview'] as const,
  snippets: (cluster: string, topic?: string) => ['cluster', cluster, 'snippets', topic ?? null] as const,
  sample: (cluster: string) => ['cluster', cluster, 'sample'] as const,
  topics: (cluster: string, internal: boolean) => ['cluster', cluster, 'topics', { internal }] as const,
  everyTopics: (cluster: string) => ['cluster', cluster, 'topics'] as const,
  topic: (cluster: string, topic: string) => ['cluster', cluster, 'topic', topic] as const,
  topicDetail: (cluster: string, topic: string) => ['cluster', cluster, 'topic', topic, 'detail'] as const,
  topicConsumers: (cluster: string, topic: string) =>
    ['cluster', cluster, 'topic', topic, 'consumers'] as const,
  topicProducers: (cluster: string, topic: string) =>
    ['cluster', cluster, 'topic', topic, 'producers'] as const,
  topicStorage: (cluster: string, topic: string) => ['cluster', cluster, 'topic', topic, 'storage'] as const,
  topicConfigs: (cluster: string, topic: string) => ['cluster', cluster, 'topic', topic, 'configs'] as const,
  partitionPreview: (cluster: string, topic: string, partitions: number) =>
    ['cluster', cluster, 'topic', topic, 'partition-preview', partitions] as const,
  records: (cluster: string, topic: string, query: unknown) =>
    ['cluster', cluster, 'topic', topic, 'records', query] as const,
  groups: (cluster: string) => ['cluster', cluster, 'groups'] as const,
  group: (cluster: string, group: string) => ['cluster', cluster, 'group', group] as const,
  groupDetail: (cluster: string, group: string) => ['cluster', cluster, 'group', group, 'detail'] as const,
  rebalances: (cluster: string, group: string) => ['cluster', cluster, 'group', group, 'rebalances'] as const,
  brokers: (cluster: string) => ['cluster', cluster, 'brokers'] as const,
  broker: (cluster: string, broker: number) => ['cluster', cluster, 'broker', broker] as const,
  brokerConfigs: (cluster: string, broker: number) =>
    ['cluster', cluster, 'broker', broker, 'configs'] as const,
  clients: (cluster: string) => ['cluster', cluster, 'clients'] as const,
  client: (cluster: string, client: string) => ['cluster', cluster, 'client', client] as const,
  openapi: () => ['openapi'] as const,
}
