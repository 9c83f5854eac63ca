import { createServer, type Server } from 'node:http'
import type next from 'next'
import type { Broker } from './broker/index.ts'
import { optimizeEarly } from './broker/module-loading.ts'
import { announce } from './lib/server/announce.ts'
import type { Dashboard } from './lib/server/http/router.ts'
import { OptionError, parseOptions, type ServerOptions } from './lib/server/options.ts'
import type { LiveHub } from './lib/server/ws/hub.ts'

const shutdownPatienceMs = 10_000

type Pages = ReturnType<typeof next>

/** Broker, dashboard, REST and WebSocket in one process; resolves when all of it answers. */
async function main(): Promise<void> {
  const begun = performance.now()
  process.env.NEXT_TELEMETRY_DISABLED ??= '1'
  const options = parseOptions(process.argv.slice(2), process.env)
  const server = createServer()
  // First, so that a port in use is told before anything is started.
  await listen(server, options)
  const opening = options.broker ? openBroker(options) : undefined
  // Whether it failed is asked below.
  opening?.catch(() => {})
  const { next, Clusters, SearchThreads, LiveHub, serve } = await load()
  // Next adds its own listener for upgrades to the server it is told of; this one never listens and gets from us
  // only what is meant for hot reload.
  const hotReload = createServer()
  const pages = next({ dev: options.dev, dir: import.meta.dirname, httpServer: hotReload })
  const [broker] = await Promise.all([opening, pages.prepare()])
  const clusters = new Clusters()
  if (broker !== undefined) clusters.add({ kind: 'embedded', broker })
  if (options.bootstrap.length > 0) clusters.add({ kind: 'external', bootstrap: options.bootstrap })
  const dashboard: Dashboard = {
    clusters,
    searches: new SearchThreads(),
    startedAtMs: Date.now(),
    now: () => Date.now(),
  }
  const hub = new LiveHub(dashboard)
  await Promise.all(clusters.all().map((cluster) => cluster.start()))
  const showPage = pages.getRequestHandler()
  server.removeAllListeners('request')
  serve(server, {
    guard: { host: options.host, allowedHosts: options.allowedHosts },
    dashboard,
    hub,
    showPage: (request, response) => void showPage(request, response),
    upgradePage: (request, socket, head) =>
      options.dev &&
      request.url?.startsWith('/_next/hmr') === true &&
      hotReload.emit('upgrade', request, socket, head),
  })
  stopWith({ server, hub, dashboard, pages, broker })
  announce(options, addressOf(server), broker, performance.now() - begun)
  optimizeEarly()
  dashboard.searches.warmUp()
}

/** What takes long to load comes while the broker starts on its own thread. */
async function load() {
  const { default: next } = await import('next')
  const { Clusters } = await import('./lib/server/clusters.ts')
  const { serve } = await import('./lib/server/http/serve.ts')
  const { SearchThreads } = await import('./lib/server/search/search-job.ts')
  const { LiveHub } = await import('./lib/server/ws/hub.ts')
  return { next, Clusters, SearchThreads, LiveHub, serve }
}

function listen(server: Server, { host, port }: ServerOptions): Promise<void> {
  server.on('request', (_, response) => {
    response.writeHead(503, { 'retry-after': '1' }).end('Millrace is starting.\n')
  })
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      const what =
        error.code === 'EADDRINUSE'
          ? `HTTP port ${port} on ${host} is in use; choose another with --port.`
          : `Cannot listen on ${host}:${port}: ${error.message}`
      reject(new OptionError(what))
    })
    server.listen(port, host, () => resolve())
  })
}

async function openBroker({ host, kafkaPort, advertisedHost, dataDir }: ServerOptions): Promise<Broker> {
  // Only where it is wanted: without it, the dashboard starts sooner.
  const { startBroker } = await import('./broker/index.ts')
  try {
    return await startBroker({ host, port: kafkaPort, advertisedHost, dataDir })
  } catch (cause) {
    throw new OptionError(cause instanceof Error ? cause.message : String(cause), { cause })
  }
}

function addressOf(server: Server): { host: string; port: number } {
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('the server has no TCP address')
  return { host: address.address, port: address.port }
}

type Running = {
  server: Server
  hub: LiveHub
  dashboard: Dashboard
  pages: Pages
  broker: Broker | undefined
}

/** Ctrl-C ends all in order; a second one, or ten seconds, ends it at once. */
function stopWith({ server, hub, dashboard, pages, broker }: Running): void {
  let stopping = false
  const stop = async (code: number) => {
    if (stopping) process.exit(1)
    stopping = true
    setTimeout(() => process.exit(1), shutdownPatienceMs).unref()
    hub.close()
    server.close()
    server.closeIdleConnections()
    dashboard.searches.close()
    await dashboard.clusters.close()
    await broker?.close()
    await Promise.race([pages.close(), new Promise((resolve) => setTimeout(resolve, 1_000))])
    process.exit(code)
  }
  process.on('SIGINT', () => void stop(0))
  process.on('SIGTERM', () => void stop(0))
  void broker?.closed.then((error) => {
    if (stopping || error === undefined) return
    console.error(`The broker stopped: ${error.message}`)
    void stop(1)
  })
}

main().catch((error: unknown) => {
  console.error(error instanceof OptionError ? `millrace: ${error.message}` : error)
  process.exit(1)
})
