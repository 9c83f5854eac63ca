import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { decodeFrom, encodeTo } from '../../broker/protocol/codec.ts'
import type { Message } from '../../broker/protocol/fields.ts'
import {
  encodeRequest,
  encodeResponse,
  readRequestHeader,
  responseHeader,
  responseHeaderVersion,
  skipHeaderTags,
} from '../../broker/protocol/header.ts'
import { Reader } from '../../broker/protocol/reader.ts'
import { Writer } from '../../broker/protocol/writer.ts'
import { allMessages } from '../broker/protocol/all-messages.ts'

interface Exchange {
  readonly version: number
  readonly request: string
  readonly response: string
}

const folder = join(import.meta.dirname, 'golden/kafka')
const messages = [...(await allMessages()).values()]

function messageOf(apiKey: number, kind: 'Request' | 'Response'): Message {
  return messages.find((message) => message.apiKey === apiKey && message.name.endsWith(kind))!
}

const exchanges = readdirSync(folder).flatMap((file) => {
  const apiKey = Number(file.slice(0, 2))
  const all = JSON.parse(readFileSync(join(folder, file), 'utf8')) as Exchange[]
  const request = messageOf(apiKey, 'Request')
  return all.map((exchange, index) => ({ ...exchange, apiKey, name: request.name, index }))
})

/** Tagged fields that our tables do not know would be lost; Kafka sends none. */
function again(message: Message, version: number, reader: Reader): Buffer[] {
  const writer = new Writer()
  encodeTo(writer, message, version, decodeFrom(message, version, reader))
  expect(reader.remaining).toBe(0)
  return writer.buffers()
}

describe('frames between our client and Apache Kafka 4.3.1 (recorded by record.ts)', () => {
  test.each(exchanges)('$name v$version #$index', ({ apiKey, version, request, response }) => {
    const requestMessage = messageOf(apiKey, 'Request')
    const asked = new Reader(Buffer.from(request, 'hex'))
    const header = readRequestHeader(asked)
    expect(header).toMatchObject({ requestApiKey: apiKey, requestApiVersion: version, clientId: 'golden' })
    skipHeaderTags(requestMessage, version, asked)
    const question = decodeFrom(requestMessage, version, asked)
    expect(asked.remaining).toBe(0)
    const frame = Buffer.concat(encodeRequest(requestMessage, version, header, question))
    expect(frame.subarray(4).toString('hex')).toBe(request)

    const responseMessage = messageOf(apiKey, 'Response')
    const answered = new Reader(Buffer.from(response, 'hex'))
    const headerVersion = responseHeaderVersion(responseMessage, version)
    const { correlationId } = decodeFrom(responseHeader, headerVersion, answered)
    expect(correlationId).toBe(header.correlationId)
    const body = answered.buffer.subarray(answered.offset)
    expect(Buffer.concat(again(responseMessage, version, answered))).toEqual(body)
    const answer = decodeFrom(responseMessage, version, new Reader(body))
    const whole = Buffer.concat(encodeResponse(responseMessage, version, correlationId, answer))
    expect(whole.subarray(4).toString('hex')).toBe(response)
  })

  test.each([...new Set(exchanges.map(({ apiKey }) => apiKey))])('API %i has every version', (apiKey) => {
    const { min, max } = messageOf(apiKey, 'Request').versions
    const seen = new Set(exchanges.filter((one) => one.apiKey === apiKey).map(({ version }) => version))
    expect([...seen].sort((a, b) => a - b)).toEqual(Array.from({ length: max - min + 1 }, (_, i) => min + i))
  })
})
