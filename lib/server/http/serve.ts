import type { IncomingMessage, Server, ServerResponse } from 'node:http'
import type { Duplex } from 'node:stream'
import { routes } from '../routes/routes.ts'
import type { LiveHub } from '../ws/hub.ts'
import { Guard, type GuardOptions } from './guard.ts'
import { type Dashboard, Router, sendJson } from './router.ts'

export type ServeParts = {
  guard: GuardOptions
  dashboard: Dashboard
  hub: LiveHub
  /** Answers whatever is not under /api. */
  showPage: (request: IncomingMessage, response: ServerResponse) => void
  /** Takes the upgrade when it is the pages' own (hot reload); false: it is nobody's. */
  upgradePage: (request: IncomingMessage, socket: Duplex, head: Buffer) => boolean
}

/** Shares one HTTP server out: REST under /api, WebSocket at /ws, pages for the rest, nothing past the guard. */
export function serve(
  server: Server,
  { guard: guarded, dashboard, hub, showPage, upgradePage }: ServeParts,
): void {
  const guard = new Guard(guarded)
  const router = new Router(dashboard, routes)
  server.on('request', (request, response) => {
    const refusal = guard.refuse(request)
    if (refusal !== undefined) {
      sendJson(response, 403, { error: { code: 'FORBIDDEN', message: refusal, retriable: false } })
    } else if (request.url?.startsWith('/api/')) void router.serve(request, response)
    else showPage(request, response)
  })
  server.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    socket.on('error', () => socket.destroy())
    const refusal = guard.refuse(request) ?? guard.refuseOrigin(request)
    if (refusal !== undefined) socket.end('HTTP/1.1 403 Forbidden\r\nConnection: close\r\n\r\n')
    else if (request.url?.split('?', 1)[0] === '/ws') hub.upgrade(request, socket, head)
    else if (!upgradePage(request, socket, head)) {
      socket.end('HTTP/1.1 404 Not Found\r\nConnection: close\r\n\r\n')
    }
  })
}
