import type { IncomingMessage } from 'node:http'
import { isIP } from 'node:net'

export type GuardOptions = {
  /** Address that the server listens on. */
  host: string
  /** More names under which the page may be opened. */
  allowedHosts: readonly string[]
}

/**
 * Keeps other web pages out. A page on another site can make the browser send requests here, and a name that it
 * controls can be pointed at 127.0.0.1 (DNS rebinding): the Host header must be a name of ours, and what changes
 * something must come from our own origin or from no page at all.
 */
export class Guard {
  readonly #opened: boolean
  readonly #names: Set<string>

  constructor({ host, allowedHosts }: GuardOptions) {
    this.#opened = !isLoopback(host)
    this.#names = new Set([
      'localhost',
      host.toLowerCase(),
      ...allowedHosts.map((name) => name.toLowerCase()),
    ])
  }

  /** Why the request is refused; undefined: it may go on. */
  refuse(request: IncomingMessage): string | undefined {
    const host = request.headers.host
    if (host === undefined || !this.#knows(host)) {
      return `The Host header ${host ?? '(none)'} is not a name of this server; allow it with --allow-host.`
    }
    if (request.method === 'GET' || request.method === 'HEAD') return undefined
    return this.refuseOrigin(request)
  }

  /** For what changes something, and for WebSockets, which no same-origin rule holds back. */
  refuseOrigin(request: IncomingMessage): string | undefined {
    const { origin, host } = request.headers
    const site = request.headers['sec-fetch-site']
    if (site !== undefined && site !== 'same-origin' && site !== 'none')
      return 'The request comes from another site.'
    if (origin === undefined) return undefined
    if (originHost(origin) === host?.toLowerCase()) return undefined
    return `The request comes from ${origin}, which is not this page.`
  }

  #knows(host: string): boolean {
    const name = hostName(host)
    if (this.#names.has(name) || name.endsWith('.localhost')) return true
    // An address cannot be rebound; beyond loopback it is taken only when the server was opened on purpose.
    return isIP(name) !== 0 && (this.#opened || isLoopback(name))
  }
}

export function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || host.startsWith('127.')
}

/** `Name:3000` → `name`, `[::1]:3000` → `::1`. */
function hostName(host: string): string {
  const bracketed = /^\[([^\]]+)\]/.exec(host)
  return (bracketed?.[1] ?? host.replace(/:\d+$/, '')).toLowerCase()
}

function originHost(origin: string): string | undefined {
  try {
    return new URL(origin).host.toLowerCase()
  } catch {
    return undefined
  }
}
