import { connect } from 'node:net'
import type { Dashboard } from '../../tests/e2e/dashboard.ts'
import type { Bounds } from './bounds.ts'

const connections = 16
const endOfHead = '\r\n\r\n'

/** Answers a second over keep-alive connections, one request in flight on each. */
async function requestsPerSecond(url: string, path: string, forMs: number): Promise<number> {
  const { hostname, port } = new URL(url)
  const request = `GET ${path} HTTP/1.1\r\nHost: ${hostname}:${port}\r\nAccept: */*\r\n\r\n`
  const begun = performance.now()
  const over = () => performance.now() - begun > forMs
  const counts = await Promise.all(
    Array.from({ length: connections }, () => askUntil(over, hostname, Number(port), request)),
  )
  return (counts.reduce((sum, count) => sum + count, 0) / (performance.now() - begun)) * 1000
}

function askUntil(over: () => boolean, host: string, port: number, request: string): Promise<number> {
  const { promise, resolve, reject } = Promise.withResolvers<number>()
  const socket = connect({ host, port, noDelay: true }, () => socket.write(request))
  let answers = 0
  let rest = ''
  socket.setEncoding('latin1')
  socket.on('error', reject)
  socket.on('data', (chunk: string) => {
    rest += chunk
    const head = rest.indexOf(endOfHead)
    if (head < 0 || !isWhole(rest, head)) return
    if (!rest.startsWith('HTTP/1.1 200')) reject(new Error(rest.slice(0, head)))
    rest = ''
    answers++
    if (!over()) return void socket.write(request)
    socket.destroy()
    resolve(answers)
  })
  return promise
}

/** One request is in flight, so an answer is whole at its length or, in chunks, at the last one. */
function isWhole(answer: string, head: number): boolean {
  const length = /^content-length: (\d+)/im.exec(answer.slice(0, head))
  if (length === null) return answer.endsWith('\r\n0\r\n\r\n')
  return answer.length >= head + endOfHead.length + Number(length[1])
}

/** The plain handler under /api against a page through Next, on the same server. */
export async function measureRequests(
  dashboard: Dashboard,
  plan: { rounds: number; seconds: number },
  bounds: Bounds,
): Promise<void> {
  const paths = [
    ['GET /api/health', '/api/health'],
    ['GET …/overview', `/api/clusters/${dashboard.cluster}/overview`],
    ['a page through Next', '/topics'],
  ] as const
  for (let round = 0; round <= plan.rounds; round++) {
    for (const [name, path] of paths) {
      const value = await requestsPerSecond(dashboard.url, path, plan.seconds * 1000)
      // The first one only warms up.
      if (round > 0) bounds.add({ name: `REST: ${name}`, unit: '1/s', better: 'more', limit: null }, value)
    }
  }
}
