import { once } from 'node:events'
import { createServer, type IncomingMessage, request } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect, test } from 'vitest'
import { sendDownload } from '../../../../lib/server/http/router.ts'

test('a long download leaves no listeners behind, however often it waits for the client', async () => {
  const chunk = Buffer.alloc(256 * 1024)
  const chunks = 64
  let waited = 0
  let mostListeners = 0
  const server = createServer(async (_, response) => {
    async function* produced() {
      for (let index = 0; index < chunks; index++) {
        mostListeners = Math.max(mostListeners, response.listenerCount('close'))
        yield chunk
      }
    }
    const write = response.write.bind(response)
    response.write = ((bytes: Buffer) => {
      const isTaken = write(bytes)
      if (!isTaken) waited++
      return isTaken
    }) as typeof response.write
    await sendDownload(response, { contentType: 'text/plain', fileName: 'f', chunks: produced() })
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const outgoing = request({ port: (server.address() as AddressInfo).port, host: '127.0.0.1' }).end()
  const [response] = (await once(outgoing, 'response')) as [IncomingMessage]
  let received = 0
  for await (const bytes of response) received += (bytes as Buffer).length
  server.close()
  expect(received).toBe(chunks * chunk.length)
  expect(waited).toBeGreaterThan(10)
  expect(mostListeners).toBeLessThan(5)
})
