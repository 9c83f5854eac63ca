import { connect, createServer, type Server, type Socket } from 'node:net'
import type { Schedule } from './seed.ts'

/** What happens to a connection inside of a frame: reset, ended, silent for good in one direction, or only late. */
const ways = ['reset', 'end', 'silence', 'delay'] as const
type Way = (typeof ways)[number]

type Cut = { way: Way; direction: 'request' | 'response'; frame: number; part: number }

/** Stands between clients and a broker and breaks connections inside of frames, as its schedule says. */
export type CuttingProxy = AsyncDisposable & {
  port: number
  /** How many connections were broken in each way, in each direction: `reset of a request`. */
  cuts(): ReadonlyMap<string, number>
  /** From now on every byte comes through. */
  heal(): void
}

/** A silent connection is dropped after that: the broker learns of it, as from a keepalive. */
const silentMs = 4_000
const delayMs = 150
/** A frame's length lies in front of it. */
const lengthBytes = 4

/**
 * Listens on `port` and passes on to `brokerPort`. Each connection is broken somewhere in its first 64 frames, in a
 * place that never is between two frames.
 */
export async function startCuttingProxy(
  { port, brokerPort }: { port: number; brokerPort: number },
  plan: Schedule,
): Promise<CuttingProxy> {
  const cuts = new Map<string, number>()
  const pairs = new Set<Pair>()
  let isHealed = false
  const server = createServer({ noDelay: true }, (client) => {
    const broker = connect({ port: brokerPort, host: '127.0.0.1', noDelay: true })
    const pair = joined(
      client,
      broker,
      () => nextCut(plan),
      () => isHealed,
    )
    pair.onCut = ({ way, direction }) => {
      const kind = `${way} of a ${direction}`
      cuts.set(kind, (cuts.get(kind) ?? 0) + 1)
    }
    pairs.add(pair)
    client.once('close', () => pairs.delete(pair))
  })
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve))
  return {
    port,
    cuts: () => cuts,
    heal: () => {
      isHealed = true
    },
    [Symbol.asyncDispose]: () => close(server, pairs),
  }
}

async function close(server: Server, pairs: ReadonlySet<Pair>): Promise<void> {
  const closed = new Promise((resolve) => server.close(resolve))
  for (const pair of pairs) pair.drop()
  await closed
}

function nextCut(plan: Schedule): Cut {
  return {
    way: plan.pick(ways),
    direction: plan.pick(['request', 'response']),
    // Early ones mostly, when a client finds its way.
    frame: Math.floor(2 ** (plan.between(0, 600) / 100)) - 1,
    part: plan.between(1, 1000) / 1000,
  }
}

type Pair = { drop(): void; onCut: (cut: Cut) => void }

function joined(client: Socket, broker: Socket, nextCut: () => Cut, isHealed: () => boolean): Pair {
  const pair: Pair = {
    drop: () => {
      client.resetAndDestroy()
      broker.resetAndDestroy()
    },
    onCut: () => {},
  }
  let cut: Cut | undefined = nextCut()
  for (const [direction, from, to] of [
    ['request', client, broker],
    ['response', broker, client],
  ] as const) {
    const frames = new FramePosition()
    from.on('data', (chunk: Buffer) => {
      const at = frames.pass(chunk, cut?.direction === direction ? cut : undefined)
      if (cut === undefined || at === undefined || isHealed()) {
        to.write(chunk)
        return
      }
      pair.onCut(cut)
      breakAt(chunk, at, cut.way, { from, to, drop: pair.drop })
      // A connection that was only late is cut again.
      cut = cut.way === 'delay' ? nextCut() : undefined
      if (cut) cut.frame += frames.frame
    })
    // One side's end is the other's, as without a proxy.
    from.on('end', () => to.end())
    from.on('error', () => to.destroy())
    from.on('close', () => to.destroy())
  }
  return pair
}

type Ends = { from: Socket; to: Socket; drop(): void }

function breakAt(chunk: Buffer, at: number, way: Way, { from, to, drop }: Ends): void {
  const [before, after] = [chunk.subarray(0, at), chunk.subarray(at)]
  // Nothing may come through behind what is missing.
  from.pause()
  switch (way) {
    case 'reset':
      to.write(before, drop)
      return
    case 'end':
      to.end(before)
      from.end()
      return
    case 'silence':
      to.write(before)
      setTimeout(drop, silentMs).unref()
      return
    case 'delay':
      to.write(before)
      setTimeout(() => {
        to.write(after)
        from.resume()
      }, delayMs).unref()
      return
  }
}

/** Follows the frames of one direction. */
class FramePosition {
  /** Frames that are through. */
  frame = 0
  /** Bytes seen of the next one, its length included. */
  private seen = 0
  private readonly length = Buffer.alloc(lengthBytes)

  /** Where in the chunk the cut falls, if it does. */
  pass(chunk: Buffer, cut: Cut | undefined): number | undefined {
    let found: number | undefined
    for (let at = 0; at < chunk.length; ) {
      if (this.seen < lengthBytes) {
        this.length[this.seen++] = chunk[at++]!
        continue
      }
      const size = this.length.readInt32BE()
      const there = Math.min(lengthBytes + size - this.seen, chunk.length - at)
      if (cut?.frame === this.frame) {
        const place = lengthBytes + Math.floor(size * cut.part) - this.seen
        if (place >= 0 && place < there) found = at + place
      }
      this.seen += there
      at += there
      if (this.seen < lengthBytes + size) break
      this.frame++
      this.seen = 0
    }
    return found
  }
}
