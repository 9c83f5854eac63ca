import { Socket } from 'node:net'

/** Where a socket reads to, and who hears of it. */
export type ReadTarget = {
  room(): Buffer
  /** So many bytes are in the buffer that `room` gave last; false stops reading. */
  received(count: number, room: Buffer): boolean
}

/** What Node keeps in an accepted socket: its types do not tell. */
type Accepted = { _handle: { useUserBuffer?: unknown } | null; _server: unknown }

/**
 * A socket that reads straight into buffers of ours: `onread`, which Node offers to whoever makes a Socket, but not
 * to a server. Without it each 64 KiB read is a fresh buffer and a copy. The accepted socket (of a server with
 * `pauseOnConnect`) hands over its handle and is dead; undefined where Node has changed and this cannot be done.
 */
export function directSocket(accepted: Socket, target: ReadTarget): Socket | undefined {
  const from = accepted as unknown as Accepted
  const handle = from._handle
  if (typeof handle?.useUserBuffer !== 'function') return undefined
  const onread = {
    buffer: () => target.room(),
    // Node hands back the very buffer that `room` gave.
    callback: (count: number, room: Uint8Array) => target.received(count, room as Buffer),
  }
  // As Node's own server passes an accepted handle on; the types know another kind of handle alone.
  const options = { handle, allowHalfOpen: true, onread } as unknown as ConstructorParameters<
    typeof Socket
  >[0]
  const socket = new Socket(options)
  const to = socket as unknown as Accepted
  // The server counts its connections, so that it knows when the last one is gone.
  to._server = from._server
  from._server = null
  from._handle = null
  return socket
}
