/* The broker's thread: starts one broker, hands its events to the host, answers the host's commands. */
import { parentPort, workerData } from 'node:worker_threads'
import { assert } from './core/assert.ts'
import { systemClock } from './core/clock.ts'
import { nodeDisk } from './core/disk.ts'
import { loadModulesFast } from './module-loading.ts'
import { errorText, type ToHost, type ToWorker, type WorkerInput } from './worker-protocol.ts'

const port = parentPort
assert(port, 'broker/worker.ts runs in a worker thread')
const { settings } = workerData as WorkerInput
const tell = (message: ToHost) => port.postMessage(message)

loadModulesFast()
try {
  const { EmbeddedBroker } = await import('./embedded-broker.ts')
  const broker = await EmbeddedBroker.start(settings, systemClock, nodeDisk, (level, message) =>
    tell({ type: 'log', level, message }),
  )
  broker.onEvents((batch) => tell({ type: 'events', batch }))
  port.on('message', async ({ id, command, request }: ToWorker) => {
    try {
      tell({ type: 'answer', id, response: await broker.ask(command, request) })
    } catch (error) {
      tell({ type: 'refusal', id, error: errorText(error) })
    }
    if (command === 'close') port.close()
  })
  const { node, listener } = broker.running
  tell({ type: 'ready', port: listener.port, clusterId: node.image.clusterId })
} catch (error) {
  tell({ type: 'failed', error: errorText(error) })
  port.close()
}
