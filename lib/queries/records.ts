import { useInfiniteQuery, useMutation, useQuery } from '@tanstack/react-query'
import { type CallError, call } from '../contract/call.ts'
import type {
  BrowseQuery,
  DecoderChoice,
  Filter,
  KafkaRecord,
  ProduceBody,
  Produced,
  RecordPage,
  Visibility,
} from '../contract/records.ts'

/** Query keys of records; they are never written to by the live socket. */
export const recordKeys = {
  pages: (cluster: string, topic: string, query: BrowseQuery) =>
    ['cluster', cluster, 'records', topic, 'pages', query] as const,
  one: (cluster: string, topic: string, partition: number, offset: number, decoders: RecordDecoders) =>
    ['cluster', cluster, 'records', topic, partition, offset, decoders] as const,
  visibility: (cluster: string, topic: string, partition: number, offset: number, group: string | null) =>
    ['cluster', cluster, 'records', topic, partition, offset, 'visibility', group] as const,
}

/** Past so many pages a person wants another position, not more scrolling. */
const mostPages = 100

export type RecordDecoders = { keyDecoder: DecoderChoice; valueDecoder: DecoderChoice }

/** Browses page by page from a position; the pages stay until the position changes. */
export function useRecordPages(cluster: string, topic: string, query: BrowseQuery, enabled: boolean) {
  return useInfiniteQuery<RecordPage, CallError, RecordPage[], readonly unknown[], string | null>({
    queryKey: recordKeys.pages(cluster, topic, query),
    queryFn: ({ pageParam, signal }) =>
      call(
        'GET /api/clusters/{cluster}/topics/{topic}/records',
        {
          params: { cluster, topic },
          query: pageParam === null ? query : { ...query, position: 'cursor', cursor: pageParam },
        },
        { signal },
      ),
    initialPageParam: null,
    getNextPageParam: (page, pages) => (pages.length < mostPages ? page.next : null),
    select: (data) => data.pages,
    enabled,
    staleTime: Number.POSITIVE_INFINITY,
  })
}

/** One record whole, with raw bytes: asked for when a truncated value is to be read. */
export function useWholeRecord(
  cluster: string,
  topic: string,
  record: Pick<KafkaRecord, 'partition' | 'offset'>,
  decoders: RecordDecoders,
  enabled: boolean,
) {
  return useQuery<KafkaRecord, CallError>({
    queryKey: recordKeys.one(cluster, topic, record.partition, record.offset, decoders),
    queryFn: ({ signal }) =>
      call(
        'GET /api/clusters/{cluster}/topics/{topic}/partitions/{partition}/records/{offset}',
        {
          params: { cluster, topic, partition: record.partition, offset: record.offset },
          query: { raw: true, ...decoders },
        },
        { signal },
      ),
    enabled,
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 30_000,
  })
}

/** Why a group (or any consumer, without one) cannot see a record. */
export function useVisibility(
  cluster: string,
  topic: string,
  record: Pick<KafkaRecord, 'partition' | 'offset'>,
  group: string | null,
) {
  return useQuery<Visibility, CallError>({
    queryKey: recordKeys.visibility(cluster, topic, record.partition, record.offset, group),
    queryFn: ({ signal }) =>
      call(
        'GET /api/clusters/{cluster}/topics/{topic}/partitions/{partition}/records/{offset}/visibility',
        {
          params: { cluster, topic, partition: record.partition, offset: record.offset },
          query: group === null ? {} : { group },
        },
        { signal },
      ),
  })
}

export function useProduce(cluster: string, topic: string) {
  return useMutation<Produced, CallError, ProduceBody>({
    mutationFn: (body) =>
      call('POST /api/clusters/{cluster}/topics/{topic}/records', { params: { cluster, topic }, body }),
  })
}

/** Whether a filter parses; `at` is the place of the mistake. */
export async function checkFilter(
  filter: Filter,
  signal: AbortSignal,
): Promise<{ ok: boolean; message: string | null; at: number | null }> {
  return call('POST /api/filters/check', { body: { filter } }, { signal })
}
