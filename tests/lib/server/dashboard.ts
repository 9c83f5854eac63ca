import { createServer } from 'node:http'
import WebSocket from 'ws'
import { call as callApi } from '../../../lib/contract/call.ts'
import type { EndpointKey, Input, Output } from '../../../lib/contract/endpoints.ts'
import type {
  Channel,
  ServerFrame,
  ServerMessage,
  Snapshot,
  Subscription,
  Update,
} from '../../../lib/contract/live.ts'
import { type ClusterSource, Clusters } from '../../../lib/server/clusters.ts'
import { serve } from '../../../lib/server/http/serve.ts'
import { SearchThreads } from '../../../lib/server/search/search-job.ts'
import { LiveHub } from '../../../lib/server/ws/hub.ts'

/** The dashboard's server without pages, on a free port. */
export async function startDashboard(source: ClusterSource) {
  const clusters = new Clusters()
  const cluster = clusters.add(source)
  await cluster.start()
  const dashboard = {
    clusters,
    searches: new SearchThreads(),
    startedAtMs: Date.now(),
    now: () => Date.now(),
  }
  const hub = new LiveHub(dashboard)
  const server = createServer()
  serve(server, {
    guard: { host: '127.0.0.1', allowedHosts: [] },
    dashboard,
    hub,
    showPage: (_, response) => response.writeHead(404).end(),
    upgradePage: () => false,
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('no port')
  const baseUrl = `http://127.0.0.1:${address.port}`
  return {
    baseUrl,
    cluster,
    hub,
    call: <K extends EndpointKey>(key: K, input: Input<K>): Promise<Output<K>> =>
      callApi(key, input, { baseUrl }),
    async [Symbol.asyncDispose]() {
      hub.close()
      dashboard.searches.close()
      await clusters.close()
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

/** A page's WebSocket that keeps what it got. */
export async function openLive(baseUrl: string, origin = baseUrl) {
  const socket = new WebSocket(`${baseUrl.replace('http', 'ws')}/ws`, { origin })
  const messages: ServerMessage[] = []
  const listeners = new Set<() => void>()
  socket.on('message', (data) => {
    messages.push(...(JSON.parse(String(data)) as ServerFrame).messages)
    for (const listener of listeners) listener()
  })
  await new Promise((resolve, reject) => {
    socket.once('open', resolve)
    socket.once('error', reject)
  })
  const send = (message: unknown) => socket.send(JSON.stringify(message))
  return {
    socket,
    messages,
    send,
    subscribe: (id: number, subscription: Subscription) => send({ type: 'subscribe', id, subscription }),
    /** The first message, come or to come, that `test` takes. */
    until: (test: (message: ServerMessage) => boolean): Promise<ServerMessage> =>
      new Promise((resolve) => {
        const look = () => {
          const found = messages.find(test)
          if (found === undefined) return
          listeners.delete(look)
          resolve(found)
        }
        listeners.add(look)
        look()
      }),
    [Symbol.dispose]() {
      socket.terminate()
    },
  }
}

/** Data of a message of a channel; the message says which by its `channel`. */
export function dataOf<C extends Channel>(
  message: ServerMessage,
  channel: C,
): Snapshot<C> | Update<C> | undefined {
  return 'channel' in message && message.channel === channel
    ? (message.data as Snapshot<C> | Update<C>)
    : undefined
}
