import { decode, encodeBuffer } from '../protocol/codec.ts'
import type { Decoded, Encodable, Message } from '../protocol/fields.ts'
import {
  consumerGroupCurrentMemberAssignmentKey,
  consumerGroupCurrentMemberAssignmentValue,
  consumerGroupMemberMetadataKey,
  consumerGroupMemberMetadataValue,
  consumerGroupMetadataKey,
  consumerGroupMetadataValue,
  consumerGroupPartitionMetadataKey,
  consumerGroupPartitionMetadataValue,
  consumerGroupRegularExpressionKey,
  consumerGroupRegularExpressionValue,
  consumerGroupTargetAssignmentMemberKey,
  consumerGroupTargetAssignmentMemberValue,
  consumerGroupTargetAssignmentMetadataKey,
  consumerGroupTargetAssignmentMetadataValue,
} from '../protocol/records/consumer-group.ts'
import { groupMetadataKey, groupMetadataValue } from '../protocol/records/group-metadata.ts'
import {
  legacyOffsetCommitKey,
  legacyOffsetCommitValue,
  offsetCommitKey,
  offsetCommitValue,
} from '../protocol/records/offset-commit.ts'
import type { CoordinatorRecord } from './partition-writer.ts'

/** The record types of `__consumer_offsets` that this coordinator writes and replays, by Kafka's type number. */
const schemas = {
  legacyOffsetCommit: { key: legacyOffsetCommitKey, value: legacyOffsetCommitValue },
  offsetCommit: { key: offsetCommitKey, value: offsetCommitValue },
  groupMetadata: { key: groupMetadataKey, value: groupMetadataValue },
  consumerGroupMetadata: { key: consumerGroupMetadataKey, value: consumerGroupMetadataValue },
  consumerGroupPartitionMetadata: {
    key: consumerGroupPartitionMetadataKey,
    value: consumerGroupPartitionMetadataValue,
  },
  consumerGroupMemberMetadata: {
    key: consumerGroupMemberMetadataKey,
    value: consumerGroupMemberMetadataValue,
  },
  consumerGroupTargetAssignmentMetadata: {
    key: consumerGroupTargetAssignmentMetadataKey,
    value: consumerGroupTargetAssignmentMetadataValue,
  },
  consumerGroupTargetAssignmentMember: {
    key: consumerGroupTargetAssignmentMemberKey,
    value: consumerGroupTargetAssignmentMemberValue,
  },
  consumerGroupCurrentMemberAssignment: {
    key: consumerGroupCurrentMemberAssignmentKey,
    value: consumerGroupCurrentMemberAssignmentValue,
  },
  consumerGroupRegularExpression: {
    key: consumerGroupRegularExpressionKey,
    value: consumerGroupRegularExpressionValue,
  },
} as const

type Schemas = typeof schemas
export type GroupRecordKind = keyof Schemas

/** A record to write: its key, and its value or null for a tombstone. */
export type GroupRecord = {
  [K in GroupRecordKind]: {
    readonly kind: K
    readonly key: Encodable<Schemas[K]['key']>
    readonly value: Encodable<Schemas[K]['value']> | null
  }
}[GroupRecordKind]

/** A record as it is replayed. */
export type StoredGroupRecord = {
  [K in GroupRecordKind]: {
    readonly kind: K
    readonly key: Decoded<Schemas[K]['key']>
    readonly value: Decoded<Schemas[K]['value']> | null
  }
}[GroupRecordKind]

const kindByType = new Map(
  (Object.keys(schemas) as GroupRecordKind[]).map((kind) => [schemas[kind].key.apiKey, kind]),
)

/** The value version that Kafka 4.3 writes: newer ones grow by tagged fields alone (KIP-915). */
function valueVersion(record: GroupRecord): number {
  if (record.kind === 'groupMetadata') return 3
  if (record.kind !== 'offsetCommit') return 0
  return (record.value?.expireTimestamp ?? -1) >= 0 ? 1 : 4
}

function withPrefix(prefix: number, bytes: Buffer): Buffer {
  const buffer = Buffer.allocUnsafe(2 + bytes.length)
  buffer.writeInt16BE(prefix, 0)
  bytes.copy(buffer, 2)
  return buffer
}

/** Kafka's bytes of a record: the key starts with its type, the value with its version, each an int16. */
export function encodeGroupRecord(record: GroupRecord): CoordinatorRecord {
  // The kind ties key and value to their schemas; the union cannot say so to the compiler.
  const { key, value } = schemas[record.kind] as { key: Message; value: Message }
  const version = valueVersion(record)
  return {
    key: withPrefix(key.apiKey, encodeBuffer(key, 0, record.key as Encodable<Message>)),
    value:
      record.value === null
        ? null
        : withPrefix(version, encodeBuffer(value, version, record.value as Encodable<Message>)),
  }
}

/**
 * Reads a stored record back; undefined for a type that is not ours to replay (share and streams groups, or
 * newer than us), which is then skipped as Kafka skips it. Throws DecodeError or RangeError on bad bytes.
 */
export function decodeGroupRecord(key: Buffer, value: Buffer | null): StoredGroupRecord | undefined {
  const kind = key.length < 2 ? undefined : kindByType.get(key.readInt16BE(0))
  if (!kind) return undefined
  const schema = schemas[kind] as { key: Message; value: Message }
  const stored = {
    kind,
    key: decode(schema.key, 0, key.subarray(2)),
    value: value === null ? null : decode(schema.value, value.readInt16BE(0), value.subarray(2)),
  }
  // As above: `kind` chose the schemas, so the pair fits its kind.
  return stored as unknown as StoredGroupRecord
}
