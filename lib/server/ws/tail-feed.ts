import type { z } from 'zod'
import type { KafkaRecord, tailRequest } from '../../contract/records.ts'
import type { ClusterHandle } from '../clusters.ts'
import { Tail } from '../records/tail.ts'
import type { Feed } from './feed.ts'

/** Records that a page can take in at once; of more, the newest are told and the others counted. */
const perUpdate = 200
const kept = 1_000

export function tailFeed(cluster: ClusterHandle, request: z.output<typeof tailRequest>): Feed<'tail'> {
  let waiting: KafkaRecord[] = []
  let skipped = 0
  let failure: unknown
  const tail = new Tail(cluster.client, request, {
    records: (records, left) => {
      skipped += left
      waiting.push(...records)
      const over = waiting.length - kept
      if (over > 0) {
        waiting.splice(0, over)
        skipped += over
      }
    },
    failed: (error) => {
      failure = error
    },
  })
  void tail.run()
  const take = () => {
    if (failure !== undefined) throw failure
    const over = Math.max(0, waiting.length - perUpdate)
    const told = { records: waiting.slice(over), skipped: skipped + over }
    waiting = []
    skipped = 0
    return told
  }
  return {
    everyMs: 100,
    snapshot: take,
    update: () => (waiting.length === 0 && skipped === 0 && failure === undefined ? null : take()),
    close: () => tail.close(),
  }
}
