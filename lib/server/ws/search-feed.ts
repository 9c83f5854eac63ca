import type { KafkaRecord, SearchProgress } from '../../contract/records.ts'
import type { ClusterHandle } from '../clusters.ts'
import type { KafkaError } from '../kafka/kafka-error.ts'
import { compileFilter } from '../records/filter.ts'
import type { ScanRequest } from '../search/scan.ts'
import type { SearchThreads } from '../search/search-job.ts'
import type { Feed } from './feed.ts'

const notBegun: SearchProgress = {
  state: 'running',
  recordsScanned: 0,
  recordsTotal: 0,
  bytesScanned: 0,
  recordsPerSecond: 0,
  hits: 0,
  elapsedMs: 0,
  errors: 0,
  firstError: null,
}

/** A search as a subscription: hits as they are found, at most `maxHits` in all, so nothing can pile up. */
export function searchFeed(
  cluster: ClusterHandle,
  request: ScanRequest,
  threads: SearchThreads,
): Feed<'search'> {
  // A mistake in the expression is told before a thread is started.
  compileFilter(request.filter, request)
  const all: KafkaRecord[] = []
  let told = 0
  let progress = notBegun
  let toldProgress: SearchProgress | undefined
  let over = false
  let failure: KafkaError | undefined
  const bootstrap = cluster.client.bootstrap.map(({ host, port }) => `${host}:${port}`)
  const stop = threads.start(bootstrap, request, {
    found: (records, now) => {
      all.push(...records)
      progress = now
    },
    over: () => {
      over = true
      if (progress.state === 'running') progress = { ...progress, state: 'stopped' }
    },
    failed: (error) => {
      failure = error
    },
  })
  return {
    everyMs: 50,
    snapshot: () => {
      told = all.length
      toldProgress = progress
      return { progress, records: all }
    },
    update: () => {
      if (failure !== undefined) throw failure
      if (told === all.length && progress === toldProgress) return null
      const records = all.slice(told)
      told = all.length
      toldProgress = progress
      return { progress, records }
    },
    ended: () => (over && told === all.length && progress === toldProgress ? progress.state : undefined),
    stop,
    close: stop,
  }
}
