import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { call } from '../contract/call.ts'
import type { Input } from '../contract/endpoints.ts'
import { keys } from './keys.ts'
import { whileAlive, whileMissing } from './while-alive.ts'

/** All topics as columns; `internal` adds Kafka's own. */
export function useTopics(cluster: string, internal = false) {
  return useQuery({
    queryKey: keys.topics(cluster, internal),
    queryFn: ({ signal }) =>
      call('GET /api/clusters/{cluster}/topics', { params: { cluster }, query: { internal } }, { signal }),
  })
}

export function useTopic(cluster: string, topic: string) {
  return useQuery({
    queryKey: keys.topicDetail(cluster, topic),
    queryFn: ({ signal }) =>
      call('GET /api/clusters/{cluster}/topics/{topic}', { params: { cluster, topic } }, { signal }),
    refetchInterval: whileMissing(1000),
  })
}

export function useTopicConsumers(cluster: string, topic: string) {
  return useQuery({
    queryKey: keys.topicConsumers(cluster, topic),
    queryFn: ({ signal }) =>
      call(
        'GET /api/clusters/{cluster}/topics/{topic}/consumers',
        { params: { cluster, topic } },
        { signal },
      ),
    refetchInterval: whileAlive(1000),
  })
}

export function useTopicProducers(cluster: string, topic: string) {
  return useQuery({
    queryKey: keys.topicProducers(cluster, topic),
    queryFn: ({ signal }) =>
      call(
        'GET /api/clusters/{cluster}/topics/{topic}/producers',
        { params: { cluster, topic } },
        { signal },
      ),
    refetchInterval: whileAlive(2000),
  })
}

export function useTopicStorage(cluster: string, topic: string) {
  return useQuery({
    queryKey: keys.topicStorage(cluster, topic),
    queryFn: ({ signal }) =>
      call('GET /api/clusters/{cluster}/topics/{topic}/storage', { params: { cluster, topic } }, { signal }),
    refetchInterval: whileAlive(3000),
  })
}

/** Which of the keys present move when the topic has `partitions` partitions. */
export function usePartitionPreview(cluster: string, topic: string, partitions: number, enabled: boolean) {
  return useQuery({
    queryKey: keys.partitionPreview(cluster, topic, partitions),
    queryFn: ({ signal }) =>
      call(
        'GET /api/clusters/{cluster}/topics/{topic}/partition-preview',
        { params: { cluster, topic }, query: { partitions } },
        { signal },
      ),
    enabled,
    staleTime: 5000,
    retry: false,
  })
}

type Body<K extends Parameters<typeof call>[0]> = Input<K> extends { body: infer B } ? B : never

export function useCreateTopic(cluster: string) {
  const client = useQueryClient()
  return useMutation({
    mutationFn: (body: Body<'POST /api/clusters/{cluster}/topics'>) =>
      call('POST /api/clusters/{cluster}/topics', { params: { cluster }, body }),
    onSuccess: () => {
      void client.invalidateQueries({ queryKey: keys.everyTopics(cluster) })
      void client.invalidateQueries({ queryKey: keys.overview(cluster) })
    },
  })
}

export function useCloneTopic(cluster: string) {
  const client = useQueryClient()
  return useMutation({
    mutationFn: ({ topic, name }: { topic: string; name: string }) =>
      call('POST /api/clusters/{cluster}/topics/{topic}/clone', {
        params: { cluster, topic },
        body: { name },
      }),
    onSuccess: () => client.invalidateQueries({ queryKey: keys.everyTopics(cluster) }),
  })
}

/** Deletes topics one after the other; resolves with those that could not be deleted and why. */
export function useDeleteTopics(cluster: string) {
  const client = useQueryClient()
  return useMutation({
    mutationFn: async (topics: readonly string[]) => {
      for (const topic of topics) {
        await call('DELETE /api/clusters/{cluster}/topics/{topic}', { params: { cluster, topic } })
        client.removeQueries({ queryKey: keys.topic(cluster, topic), type: 'inactive' })
      }
    },
    onSettled: () => {
      void client.invalidateQueries({ queryKey: keys.everyTopics(cluster) })
      void client.invalidateQueries({ queryKey: keys.overview(cluster) })
    },
  })
}

export function useAddPartitions(cluster: string, topic: string) {
  const client = useQueryClient()
  return useMutation({
    mutationFn: (partitions: number) =>
      call('POST /api/clusters/{cluster}/topics/{topic}/partitions', {
        params: { cluster, topic },
        body: { partitions },
      }),
    onSuccess: () => {
      void client.invalidateQueries({ queryKey: keys.topic(cluster, topic) })
      void client.invalidateQueries({ queryKey: keys.everyTopics(cluster) })
    },
  })
}

export function useDeleteRecords(cluster: string, topic: string) {
  const client = useQueryClient()
  return useMutation({
    mutationFn: (body: Body<'POST /api/clusters/{cluster}/topics/{topic}/delete-records'>) =>
      call('POST /api/clusters/{cluster}/topics/{topic}/delete-records', {
        params: { cluster, topic },
        body,
      }),
    onSuccess: () => client.invalidateQueries({ queryKey: keys.topic(cluster, topic) }),
  })
}
