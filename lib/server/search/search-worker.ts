import { parentPort } from 'node:worker_threads'
import { KafkaClient } from '../kafka/kafka-client.ts'
import { Scan, type ScanRequest } from './scan.ts'
import type { SearchReply } from './search-job.ts'

export type SearchOrder =
  | { kind: 'start'; job: number; bootstrap: string[]; request: ScanRequest }
  | { kind: 'stop'; job: number }

/** One search at a time; the thread is kept for the next, for its start costs a tenth of a second. */
const port = parentPort
if (port === null) throw new Error('search-worker runs as a worker thread only')
const say = (reply: SearchReply) => port.postMessage(reply)
let current: { job: number; scan: Scan } | undefined
let client: { key: string; client: KafkaClient } | undefined

port.on('message', (order: SearchOrder) => {
  if (order.kind === 'stop') {
    if (current?.job === order.job) current.scan.stop()
    return
  }
  void start(order)
})

async function start({ job, bootstrap, request }: Extract<SearchOrder, { kind: 'start' }>): Promise<void> {
  try {
    const key = bootstrap.join()
    if (client?.key !== key) {
      await client?.client.close()
      client = { key, client: new KafkaClient(bootstrap) }
    }
    const scan = new Scan(client.client, request, (records, progress) =>
      say({ kind: 'found', job, records, progress }),
    )
    current = { job, scan }
    await scan.run()
    say({ kind: 'over', job })
  } catch (error) {
    const { code = 'INTERNAL', message } = error as Error & { code?: string }
    say({ kind: 'failed', job, code, message })
  } finally {
    current = undefined
  }
}
