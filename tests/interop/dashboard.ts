/**
 * The dashboard's REST side without its pages, for the comparison of lag: `node dashboard.ts --data DIR` starts
 * our broker embedded as `server.ts` does, `node dashboard.ts --bootstrap host:port` opens on another broker.
 * Prints one line of JSON when both answer.
 */
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { parseArgs } from 'node:util'
import { startBroker } from '../../broker/index.ts'
import { Clusters } from '../../lib/server/clusters.ts'
import { type Dashboard, Router } from '../../lib/server/http/router.ts'
import { routes } from '../../lib/server/routes/routes.ts'
import { SearchThreads } from '../../lib/server/search/search-job.ts'

export type DashboardAddress = { bootstrap: string; cluster: string }

const { values } = parseArgs({ options: { data: { type: 'string' }, bootstrap: { type: 'string' } } })
const broker =
  values.bootstrap === undefined ? await startBroker({ port: 0, dataDir: values.data }) : undefined
const clusters = new Clusters()
const cluster = clusters.add(
  broker === undefined ? { kind: 'external', bootstrap: [values.bootstrap!] } : { kind: 'embedded', broker },
)
const dashboard: Dashboard = {
  clusters,
  searches: new SearchThreads(),
  startedAtMs: Date.now(),
  now: () => Date.now(),
}
const router = new Router(dashboard, routes)
const server = createServer((request, response) => void router.serve(request, response))
await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
await cluster.start()
const { port } = server.address() as AddressInfo
const address: DashboardAddress = {
  bootstrap: broker?.address ?? values.bootstrap!,
  cluster: `http://127.0.0.1:${port}/api/clusters/${cluster.id}`,
}
console.log(JSON.stringify(address))

process.once('SIGTERM', async () => {
  server.closeAllConnections()
  await clusters.close()
  await broker?.close()
  process.exit(0)
})
