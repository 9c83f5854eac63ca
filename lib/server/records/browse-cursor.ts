import { z } from 'zod'
import { KafkaError } from '../kafka/kafka-error.ts'

/** Where a page begins: offset a partition, and whether to read on from there or back. */
export type BrowseCursor = {
  order: 'newestFirst' | 'oldestFirst'
  read: 'forward' | 'backward'
  offsets: (readonly [partition: number, offset: number])[]
}

const cursorSchema = z.object({
  order: z.enum(['newestFirst', 'oldestFirst']),
  read: z.enum(['forward', 'backward']),
  offsets: z.array(z.tuple([z.int().min(0), z.int().min(0)])).max(10_000),
})

/** Opaque to the client; carries no state of the server's, so that it survives a restart and fits a URL. */
export function encodeCursor(cursor: BrowseCursor): string {
  return Buffer.from(JSON.stringify(cursor)).toString('base64url')
}

export function decodeCursor(text: string): BrowseCursor {
  try {
    return cursorSchema.parse(JSON.parse(Buffer.from(text, 'base64url').toString()))
  } catch (cause) {
    throw new KafkaError('INVALID_REQUEST', 'The cursor is not one of ours.', { cause })
  }
}
