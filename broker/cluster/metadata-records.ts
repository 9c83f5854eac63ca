import { decodeFrom, encodeTo } from '../protocol/codec.ts'
import type { Decoded, Encodable, Message } from '../protocol/fields.ts'
import { Reader } from '../protocol/reader.ts'
import {
  clientQuotaRecord,
  configRecord,
  featureLevelRecord,
  partitionChangeRecord,
  partitionRecord,
  producerIdsRecord,
  registerBrokerRecord,
  removeTopicRecord,
  removeUserScramCredentialRecord,
  topicRecord,
  userScramCredentialRecord,
} from '../protocol/records/metadata.ts'
import { Writer } from '../protocol/writer.ts'

/*
 * Kafka's metadata records (KIP-631), as `__cluster_metadata-0` holds them: a frame version, the record's type and
 * its version as unsigned varints, then the record in the compact encoding. Every version is read that the table
 * of a record has.
 */

/** A metadata record to append or to replay. */
export type MetadataRecord =
  | { readonly type: 'registerBroker'; readonly data: Encodable<typeof registerBrokerRecord> }
  | { readonly type: 'topic'; readonly data: Encodable<typeof topicRecord> }
  | { readonly type: 'partition'; readonly data: Encodable<typeof partitionRecord> }
  | { readonly type: 'config'; readonly data: Encodable<typeof configRecord> }
  | { readonly type: 'partitionChange'; readonly data: Encodable<typeof partitionChangeRecord> }
  | { readonly type: 'removeTopic'; readonly data: Encodable<typeof removeTopicRecord> }
  | { readonly type: 'featureLevel'; readonly data: Encodable<typeof featureLevelRecord> }
  | { readonly type: 'clientQuota'; readonly data: Encodable<typeof clientQuotaRecord> }
  | { readonly type: 'producerIds'; readonly data: Encodable<typeof producerIdsRecord> }
  | { readonly type: 'scramCredential'; readonly data: Encodable<typeof userScramCredentialRecord> }
  | {
      readonly type: 'removeScramCredential'
      readonly data: Encodable<typeof removeUserScramCredentialRecord>
    }

/** A replayed record: every field is there. */
export type ReplayedRecord =
  | { readonly type: 'registerBroker'; readonly data: Decoded<typeof registerBrokerRecord> }
  | { readonly type: 'topic'; readonly data: Decoded<typeof topicRecord> }
  | { readonly type: 'partition'; readonly data: Decoded<typeof partitionRecord> }
  | { readonly type: 'config'; readonly data: Decoded<typeof configRecord> }
  | { readonly type: 'partitionChange'; readonly data: Decoded<typeof partitionChangeRecord> }
  | { readonly type: 'removeTopic'; readonly data: Decoded<typeof removeTopicRecord> }
  | { readonly type: 'featureLevel'; readonly data: Decoded<typeof featureLevelRecord> }
  | { readonly type: 'clientQuota'; readonly data: Decoded<typeof clientQuotaRecord> }
  | { readonly type: 'producerIds'; readonly data: Decoded<typeof producerIdsRecord> }
  | { readonly type: 'scramCredential'; readonly data: Decoded<typeof userScramCredentialRecord> }
  | {
      readonly type: 'removeScramCredential'
      readonly data: Decoded<typeof removeUserScramCredentialRecord>
    }

const messages: Readonly<Record<MetadataRecord['type'], Message>> = {
  registerBroker: registerBrokerRecord,
  topic: topicRecord,
  partition: partitionRecord,
  config: configRecord,
  partitionChange: partitionChangeRecord,
  removeTopic: removeTopicRecord,
  featureLevel: featureLevelRecord,
  clientQuota: clientQuotaRecord,
  producerIds: producerIdsRecord,
  scramCredential: userScramCredentialRecord,
  removeScramCredential: removeUserScramCredentialRecord,
}
const typeByKey = new Map(
  Object.entries(messages).map(([type, { apiKey }]) => [apiKey, type as MetadataRecord['type']]),
)
/** What is written where it is not 0: partitions without directories (KIP-858) and ELR (KIP-966), which are not here. */
const writtenVersions: { readonly [T in MetadataRecord['type']]?: number } = { registerBroker: 1 }
const frameVersion = 1

/** The value of one record of `__cluster_metadata-0`. */
export function encodeMetadataRecord(record: MetadataRecord): Buffer {
  const schema = messages[record.type]
  const version = writtenVersions[record.type] ?? 0
  const writer = new Writer()
  writer.unsignedVarint(frameVersion)
  writer.unsignedVarint(schema.apiKey)
  writer.unsignedVarint(version)
  encodeTo(writer, schema, version, record.data)
  return Buffer.concat(writer.buffers())
}

/** Throws DecodeError for bad bytes, RangeError for a record that this broker does not know. */
export function decodeMetadataRecord(value: Buffer): ReplayedRecord {
  const reader = new Reader(value)
  const frame = reader.unsignedVarint()
  if (frame !== frameVersion)
    throw new RangeError(`a metadata record of frame version ${frame}, where 1 is known`)
  const apiKey = reader.unsignedVarint()
  const version = reader.unsignedVarint()
  const type = typeByKey.get(apiKey)
  if (!type) throw new RangeError(`a metadata record of type ${apiKey}, which this broker does not know`)
  return replayed(type, decodeFrom(messages[type], version, reader))
}

/** `data` was decoded with the schema of `type`: the table ties them, which the compiler cannot see. */
function replayed(type: MetadataRecord['type'], data: unknown): ReplayedRecord {
  return { type, data } as ReplayedRecord
}
