import { readdirSync } from 'node:fs'
import { join, resolve } from 'node:path'
import type { Message } from '../../../broker/protocol/fields.ts'
import * as header from '../../../broker/protocol/header.ts'

const protocol = resolve(import.meta.dirname, '../../../broker/protocol')

/** Every message of the tables by Kafka's name: requests, responses, records and the two headers. */
export async function allMessages(): Promise<Map<string, Message>> {
  const messages = new Map<string, Message>()
  for (const message of [header.requestHeader, header.responseHeader]) messages.set(message.name, message)
  for (const folder of ['schemas', 'records']) {
    for (const file of readdirSync(join(protocol, folder)).sort()) {
      const module: Record<string, unknown> = await import(join(protocol, folder, file))
      for (const value of Object.values(module)) {
        if (isMessage(value)) messages.set(value.name, value)
      }
    }
  }
  return messages
}

function isMessage(value: unknown): value is Message {
  return typeof value === 'object' && value !== null && 'shape' in value && 'flexible' in value
}

/** Each message in each of its versions. */
export async function allVersions(): Promise<{ message: Message; version: number }[]> {
  return [...(await allMessages()).values()].flatMap((message) => {
    const { min, max } = message.versions
    return Array.from({ length: max - min + 1 }, (_, index) => ({ message, version: min + index }))
  })
}
