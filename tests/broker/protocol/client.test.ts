import { createServer, type Server, type Socket } from 'node:net'
import { afterEach, describe, expect, test } from 'vitest'
import { WireClient } from '../../../broker/protocol/client.ts'
import { FrameSplitter } from '../../../broker/protocol/frame.ts'
import { encodeResponse } from '../../../broker/protocol/header.ts'
import { heartbeatRequest, heartbeatResponse } from '../../../broker/protocol/schemas/12-heartbeat.ts'

let server: Server | undefined

afterEach(() => {
  server?.close()
})

/** Listens, and hands each request frame to `answer`. */
async function listen(answer: (socket: Socket, frame: Buffer) => void): Promise<number> {
  const listening = createServer((socket) => {
    const splitter = new FrameSplitter(1024)
    socket.on('data', (chunk: Buffer) => {
      for (const frame of splitter.push(chunk)) answer(socket, frame)
    })
    socket.on('error', () => {})
  })
  server = listening
  await new Promise<void>((resolve) => listening.listen(0, '127.0.0.1', resolve))
  const address = listening.address()
  if (typeof address !== 'object' || address === null) throw new Error('not listening on TCP')
  return address.port
}

const body = { groupId: 'g', generationId: 1, memberId: 'm' }

function respond(socket: Socket, frame: Buffer, errorCode: number): void {
  for (const chunk of encodeResponse(heartbeatResponse, 4, frame.readInt32BE(4), { errorCode })) {
    socket.write(chunk)
  }
}

describe('WireClient', () => {
  test('matches pipelined answers by correlation id, in any order', async () => {
    const waiting: Buffer[] = []
    const port = await listen((socket, frame) => {
      waiting.push(frame)
      if (waiting.length === 3) for (const one of waiting.reverse()) respond(socket, one, one.readInt32BE(4))
    })
    const exchanges: number[] = []
    await using client = await WireClient.connect({
      port,
      onExchange: (request) => exchanges.push(request.length),
    })
    const send = () => client.send(heartbeatRequest, heartbeatResponse, 4, body)
    const answers = await Promise.all([send(), send(), send()])
    expect(answers.map(({ errorCode }) => errorCode)).toEqual([1, 2, 3])
    expect(exchanges).toHaveLength(3)
  })

  test('a missing answer is a timeout, a closed connection an error', async () => {
    let count = 0
    const port = await listen((socket) => {
      if (++count === 2) socket.destroy()
    })
    await using client = await WireClient.connect({ port })
    const send = (timeoutMs: number) => client.send(heartbeatRequest, heartbeatResponse, 4, body, timeoutMs)
    await expect(send(20)).rejects.toMatchObject({ code: 'TIMEOUT' })
    await expect(send(5000)).rejects.toMatchObject({ code: 'CLOSED' })
    await expect(send(5000)).rejects.toMatchObject({ code: 'CLOSED' })
  })

  test('nobody listening is an error with its cause', async () => {
    const port = await listen(() => {})
    server!.close()
    await expect(WireClient.connect({ port })).rejects.toMatchObject({
      code: 'CLOSED',
      cause: { code: 'ECONNREFUSED' },
    })
  })

  test('an answer with bytes left over is refused', async () => {
    const port = await listen((socket, frame) => {
      const answer = Buffer.from('0000000d' + '00000000' + '00' + '00000000' + '001b' + '00' + 'ff', 'hex')
      frame.copy(answer, 4, 4, 8)
      socket.write(answer)
    })
    await using client = await WireClient.connect({ port })
    await expect(client.send(heartbeatRequest, heartbeatResponse, 4, body)).rejects.toThrow(
      '1 bytes left over',
    )
  })
})
