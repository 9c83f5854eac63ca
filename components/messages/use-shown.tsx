import { useQueryClient } from '@tanstack/react-query'
import { type ReactNode, useCallback, useEffect, useMemo } from 'react'
import type { KafkaRecord, RecordPage, SearchRequest, TailRequest } from '../../lib/contract/records.ts'
import type { Partition } from '../../lib/contract/topics.ts'
import { recordKeys, useRecordPages } from '../../lib/queries/records.ts'
import { Empty, Failure, Loading } from '../ui/states.tsx'
import { browseQueryOf, filterOf, isComplete, type MessagesView } from './messages-view.ts'
import { BrowseLine, SearchLine, TailLine } from './status-line.tsx'
import { useSearch } from './use-search.ts'
import { useTail } from './use-tail.ts'

type Shown = {
  records: readonly KafkaRecord[]
  /** The line above the list. */
  status: ReactNode
  /** Instead of the list: loading, nothing there, failed. */
  placeholder: ReactNode | null
  footer?: ReactNode
  onEnd?: () => void
}

/** One list from three sources: pages from a position, a search's hits, or the tail. */
export function useShown(
  cluster: string,
  topic: string,
  view: MessagesView,
  partitions: readonly Partition[],
): Shown {
  const filter = filterOf(view)
  const chosen = view.partitions.length > 0 ? { partitions: view.partitions } : {}
  const reading = {
    cluster,
    topic,
    ...chosen,
    isolation: view.committed ? ('read_committed' as const) : ('read_uncommitted' as const),
    keyDecoder: view.keyAs,
    valueDecoder: view.valueAs,
  }
  const tailRequest: TailRequest | null = view.tail ? { ...reading, ...(filter ? { filter } : {}) } : null
  const searchRequest: SearchRequest | null =
    !view.tail && filter ? { ...reading, filter, ...rangeOf(view) } : null
  const tail = useTail(tailRequest)
  const search = useSearch(searchRequest)
  const browse = useBrowse(cluster, topic, view, partitions, tailRequest === null && searchRequest === null)

  if (tailRequest) {
    return {
      records: tail.records,
      status: <TailLine tail={tail} />,
      placeholder:
        (tail.records.length === 0 && (
          <Empty title="Waiting for the next record">
            New records appear here as the broker appends them{filter ? ', if they pass the filter' : ''}.
          </Empty>
        )) ||
        null,
    }
  }
  if (searchRequest) {
    const over = search.progress !== null && search.progress.state !== 'running'
    return {
      records: search.records,
      status: <SearchLine search={search} />,
      placeholder:
        search.records.length > 0 ? null : over ? (
          <Empty title="No record passes the filter">
            The whole range was read. Look in other partitions, or change the filter.
          </Empty>
        ) : (
          <Loading label="Searching" />
        ),
    }
  }
  return browse
}

function rangeOf(view: MessagesView): Partial<SearchRequest> {
  if (view.position === 'offset') return { fromOffset: view.offset, order: 'oldestFirst' }
  if (view.position === 'time' && view.time !== null)
    return { fromTimestamp: view.time, order: 'oldestFirst' }
  return { order: view.position === 'oldest' ? 'oldestFirst' : 'newestFirst' }
}

function useBrowse(
  cluster: string,
  topic: string,
  view: MessagesView,
  partitions: readonly Partition[],
  enabled: boolean,
): Shown {
  const client = useQueryClient()
  const query = browseQueryOf(view)
  const complete = isComplete(view)
  const { data, error, isPending, hasNextPage, isFetchingNextPage, fetchNextPage, refetch } = useRecordPages(
    cluster,
    topic,
    query,
    enabled && complete,
  )
  const records = useMemo(() => data?.flatMap((page) => page.records) ?? [], [data])
  const fresh = useFresh(data?.[0], partitions, view)
  const showFresh = useCallback(
    () => void client.resetQueries({ queryKey: recordKeys.pages(cluster, topic, query) }),
    [client, cluster, topic, query],
  )
  const nothingYet = records.length === 0 && data !== undefined
  // An empty topic fills by itself: the first record needs nobody to ask for it.
  useEffect(() => {
    if (enabled && nothingYet && fresh > 0) showFresh()
  }, [enabled, nothingYet, fresh, showFresh])
  const onEnd = useCallback(() => {
    if (hasNextPage && !isFetchingNextPage) void fetchNextPage()
  }, [hasNextPage, isFetchingNextPage, fetchNextPage])

  return {
    records,
    status: (
      <BrowseLine notes={data?.[0]?.notes ?? []} loaded={records.length} fresh={fresh} onFresh={showFresh} />
    ),
    placeholder: placeholderOf(complete, view, isPending, error, nothingYet, () => void refetch()),
    footer: (
      <p className="px-3 py-2 text-center text-xs text-faint">
        {isFetchingNextPage
          ? 'Reading on…'
          : hasNextPage
            ? ''
            : view.position === 'newest'
              ? 'The beginning of the log.'
              : 'The end of the log.'}
      </p>
    ),
    onEnd,
  }
}

function placeholderOf(
  complete: boolean,
  view: MessagesView,
  isPending: boolean,
  error: { message: string; code?: string } | null,
  nothingYet: boolean,
  onRetry: () => void,
): ReactNode | null {
  if (!complete) {
    return view.position === 'group' ? (
      <Empty title="Choose a group">Reading begins at the offsets that the group has committed.</Empty>
    ) : (
      <Empty title="Choose a time">Reading begins at the first record of that time or later.</Empty>
    )
  }
  if (error) return <Failure title="The records could not be read" error={error} onRetry={onRetry} />
  if (isPending) return <Loading lines={12} label="Reading records" />
  if (nothingYet) {
    return (
      <Empty title="No records here">
        Produce one, or connect a producer: the page shows the first record the moment it is appended.
      </Empty>
    )
  }
  return null
}

/** How many records came after the first page was read, where they would show on top. */
function useFresh(
  first: RecordPage | undefined,
  partitions: readonly Partition[],
  view: MessagesView,
): number {
  return useMemo(() => {
    if (!first || (view.position !== 'newest' && first.records.length > 0)) return 0
    const ends = new Map(first.partitions.map((partition) => [partition.partition, partition.highWatermark]))
    let fresh = 0
    for (const { partition, highWatermark } of partitions) {
      const before = ends.get(partition)
      if (before !== undefined) fresh += Math.max(0, highWatermark - before)
    }
    return fresh
  }, [first, partitions, view.position])
}
