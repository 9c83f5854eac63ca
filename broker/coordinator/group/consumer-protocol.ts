import { decode, encodeBuffer } from '../../protocol/codec.ts'
import { DecodeError } from '../../protocol/errors.ts'
import type { Decoded } from '../../protocol/fields.ts'
import {
  consumerProtocolAssignment,
  consumerProtocolSubscription,
} from '../../protocol/records/consumer-protocol.ts'
import type { TopicPartitions } from '../group-event.ts'

/** The protocol type under which consumers join a classic group. */
export const consumerProtocolType = 'consumer'

export type ConsumerSubscription = Decoded<typeof consumerProtocolSubscription>

const newestVersion = 3

/** The version that embedded ConsumerProtocol bytes start with; newer than ours is read as ours, as Kafka does. */
export function consumerProtocolVersion(bytes: Buffer): number | undefined {
  if (bytes.length < 2) return undefined
  const version = bytes.readInt16BE(0)
  return version < 0 ? undefined : Math.min(version, newestVersion)
}

/** A classic member's subscription; undefined when the bytes are not the consumer protocol's. */
export function parseSubscription(bytes: Buffer): ConsumerSubscription | undefined {
  const version = consumerProtocolVersion(bytes)
  if (version === undefined) return undefined
  try {
    return decode(consumerProtocolSubscription, version, bytes.subarray(2))
  } catch (error) {
    if (error instanceof DecodeError) return undefined
    throw error
  }
}

/** A classic member's assignment; empty when there is none or it cannot be read (it is the clients' own matter). */
export function parseAssignment(bytes: Buffer): readonly TopicPartitions[] {
  const version = consumerProtocolVersion(bytes)
  if (version === undefined) return []
  try {
    return decode(consumerProtocolAssignment, version, bytes.subarray(2)).assignedPartitions
  } catch (error) {
    if (error instanceof DecodeError) return []
    throw error
  }
}

function withVersion(version: number, bytes: Buffer): Buffer {
  const prefix = Buffer.alloc(2)
  prefix.writeInt16BE(version)
  return Buffer.concat([prefix, bytes])
}

export function encodeAssignment(assignedPartitions: readonly TopicPartitions[], version: number): Buffer {
  return withVersion(version, encodeBuffer(consumerProtocolAssignment, version, { assignedPartitions }))
}

export function encodeSubscription(
  subscription: { readonly topics: readonly string[]; readonly ownedPartitions?: readonly TopicPartitions[] },
  version: number,
): Buffer {
  const ownedPartitions = subscription.ownedPartitions ?? []
  const value = { topics: subscription.topics, ownedPartitions }
  return withVersion(version, encodeBuffer(consumerProtocolSubscription, version, value))
}
