import { connect } from 'node:net'

const attemptMs = 2_000

/** A Metadata v0 request for all topics, framed by hand: the probe depends on nothing that it tests. */
function metadataRequest(): Buffer {
  const clientId = Buffer.from('probe')
  const frame = Buffer.alloc(4 + 2 + 2 + 4 + 2 + clientId.length + 4)
  frame.writeInt32BE(frame.length - 4, 0)
  frame.writeInt16BE(3, 4)
  frame.writeInt16BE(0, 6)
  frame.writeInt32BE(1, 8)
  frame.writeInt16BE(clientId.length, 12)
  clientId.copy(frame, 14)
  return frame
}

/**
 * Asks the broker at `bootstrap` (host:port) for its metadata once. Gives the number of brokers it
 * lists, or undefined when it cannot be reached or is still starting (a KRaft broker lists none
 * before it is unfenced).
 */
export function probeMetadata(bootstrap: string): Promise<number | undefined> {
  const at = bootstrap.lastIndexOf(':')
  return new Promise((resolve) => {
    const socket = connect({ host: bootstrap.slice(0, at), port: Number(bootstrap.slice(at + 1)) })
    const answer = (count: number | undefined) => {
      socket.destroy()
      resolve(count)
    }
    let received: Buffer = Buffer.alloc(0)
    socket.setTimeout(attemptMs, () => answer(undefined))
    socket.on('error', () => answer(undefined))
    socket.on('close', () => answer(undefined))
    socket.on('connect', () => socket.write(metadataRequest()))
    socket.on('data', (chunk) => {
      received = Buffer.concat([received, chunk])
      if (received.length < 12) return
      const brokerCount = received.readInt32BE(8)
      answer(brokerCount > 0 ? brokerCount : undefined)
    })
  })
}
