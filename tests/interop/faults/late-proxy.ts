import { connect, createServer, type Socket } from 'node:net'
import { freePorts } from '../../support/free-port.ts'
import { type KillableBroker, startKillable } from './killable.ts'

/** How long an answer is on its way: what the broker did in that time is not known to a client when it is killed. */
const lateMs = 40

export type DistantBroker = AsyncDisposable & {
  broker: KillableBroker
  /** Where clients find it. */
  bootstrap: string
}

/**
 * Starts a broker whose answers take their time. A kill then meets requests that are done but not answered, so that
 * clients send them again: without a wait that hardly ever happens, for done and answered is one turn of the broker.
 */
export async function startDistantBroker(): Promise<DistantBroker> {
  const port = (await freePorts(1))[0]!
  const broker = await startKillable({ advertisedPort: port })
  const clients = new Set<Socket>()
  const server = createServer({ noDelay: true }, (client) => {
    clients.add(client)
    const far = connect({ port: broker.port, host: '127.0.0.1', noDelay: true })
    client.on('data', (chunk) => far.write(chunk))
    far.on('data', (chunk) => {
      setTimeout(() => client.write(chunk), lateMs)
    })
    client.on('error', () => far.destroy())
    client.on('close', () => {
      far.destroy()
      clients.delete(client)
    })
    far.on('error', () => client.destroy())
    // What is on its way is lost with the broker.
    far.on('close', () => client.destroy())
  })
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve))
  const close = async () => {
    const closed = new Promise((resolve) => server.close(resolve))
    for (const client of clients) client.destroy()
    await closed
    await broker.close()
  }
  return { broker, bootstrap: `127.0.0.1:${port}`, [Symbol.asyncDispose]: close }
}
