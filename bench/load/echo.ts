/**
 * A server that answers each frame with the same Produce answer and does nothing else: what the bench's own
 * client, Node's sockets and the machine take of an acked produce. Prints its port; ends with its standard input.
 */
import { createServer } from 'node:net'
import { FrameSplitter } from '../../broker/protocol/frame.ts'
import { encodeResponse } from '../../broker/protocol/header.ts'
import { produceResponse } from '../../broker/protocol/schemas/00-produce.ts'
import { produceVersion } from './frames.ts'

const partitionResponses = [{ index: 0, errorCode: 0, baseOffset: 0 }]
const body = { responses: [{ name: 'echo', partitionResponses }] }
const answer = Buffer.concat(encodeResponse(produceResponse, produceVersion, 1, body))

const maxFrameBytes = 1024 * 1024
const server = createServer({ noDelay: true }, (socket) => {
  const frames = new FrameSplitter(maxFrameBytes)
  socket.on('data', (chunk) => {
    for (const _ of frames.push(chunk)) socket.write(answer)
  })
  socket.on('error', () => socket.destroy())
})
server.listen(0, '127.0.0.1', () => {
  const address = server.address()
  console.log(typeof address === 'object' ? address?.port : address)
})
process.stdin.resume().on('end', () => process.exit(0))
