import { decodeFrom, encodeTo } from '../protocol/codec.ts'
import {
  arrayOf,
  bool,
  type Decoded,
  type Encodable,
  float64,
  int8,
  int16,
  int32,
  int64,
  type Message,
  message,
  string,
  uint16,
  uuid,
} from '../protocol/fields.ts'
import { Reader } from '../protocol/reader.ts'
import { Writer } from '../protocol/writer.ts'

/*
 * Kafka's metadata records (KIP-631), as `__cluster_metadata-0` holds them: a frame version, the record's type and
 * its version as unsigned varints, then the record in the compact encoding. Fields of tiered and multi-directory
 * storage are left to their defaults.
 */

export const registerBrokerRecord = message(
  { name: 'RegisterBrokerRecord', apiKey: 0, versions: '0-1', flexible: '0+' },
  {
    brokerId: int32(),
    incarnationId: uuid(),
    brokerEpoch: int64(),
    endPoints: arrayOf({ name: string(), host: string(), port: uint16(), securityProtocol: int16() }),
    features: arrayOf({ name: string(), minSupportedVersion: int16(), maxSupportedVersion: int16() }),
    rack: string('0+', { nullable: '0+' }),
    fenced: bool('0+', { default: true }),
    inControlledShutdown: bool('1+', { default: false }),
  },
)

export const topicRecord = message(
  { name: 'TopicRecord', apiKey: 2, versions: '0', flexible: '0+' },
  { name: string(), topicId: uuid() },
)

export const partitionRecord = message(
  { name: 'PartitionRecord', apiKey: 3, versions: '0', flexible: '0+' },
  {
    partitionId: int32('0+', { default: -1 }),
    topicId: uuid(),
    replicas: arrayOf(int32()),
    isr: arrayOf(int32()),
    removingReplicas: arrayOf(int32()),
    addingReplicas: arrayOf(int32()),
    leader: int32('0+', { default: -1 }),
    leaderRecoveryState: int8('0+', { tag: 0, default: 0 }),
    leaderEpoch: int32('0+', { default: -1 }),
    partitionEpoch: int32('0+', { default: -1 }),
  },
)

export const configRecord = message(
  { name: 'ConfigRecord', apiKey: 4, versions: '0', flexible: '0+' },
  { resourceType: int8(), resourceName: string(), name: string(), value: string('0+', { nullable: '0+' }) },
)

export const partitionChangeRecord = message(
  { name: 'PartitionChangeRecord', apiKey: 5, versions: '0', flexible: '0+' },
  {
    partitionId: int32('0+', { default: -1 }),
    topicId: uuid(),
    isr: arrayOf(int32(), '0+', { nullable: '0+', tag: 0, default: null }),
    leader: int32('0+', { tag: 1, default: -2 }),
    replicas: arrayOf(int32(), '0+', { nullable: '0+', tag: 2, default: null }),
    removingReplicas: arrayOf(int32(), '0+', { nullable: '0+', tag: 3, default: null }),
    addingReplicas: arrayOf(int32(), '0+', { nullable: '0+', tag: 4, default: null }),
    leaderRecoveryState: int8('0+', { tag: 5, default: -1 }),
  },
)

export const removeTopicRecord = message(
  { name: 'RemoveTopicRecord', apiKey: 9, versions: '0', flexible: '0+' },
  { topicId: uuid() },
)

export const featureLevelRecord = message(
  { name: 'FeatureLevelRecord', apiKey: 12, versions: '0', flexible: '0+' },
  { name: string(), featureLevel: int16() },
)

export const clientQuotaRecord = message(
  { name: 'ClientQuotaRecord', apiKey: 14, versions: '0', flexible: '0+' },
  {
    entity: arrayOf({ entityType: string(), entityName: string('0+', { nullable: '0+' }) }),
    key: string(),
    value: float64(),
    remove: bool(),
  },
)

export const producerIdsRecord = message(
  { name: 'ProducerIdsRecord', apiKey: 15, versions: '0', flexible: '0+' },
  { brokerId: int32(), brokerEpoch: int64('0+', { default: -1 }), nextProducerId: int64() },
)

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
}
const typeByKey = new Map(
  Object.entries(messages).map(([type, { apiKey }]) => [apiKey, type as MetadataRecord['type']]),
)
const frameVersion = 1

/** The value of one record of `__cluster_metadata-0`. */
export function encodeMetadataRecord(record: MetadataRecord): Buffer {
  const schema = messages[record.type]
  const version = schema.versions.max
  const writer = new Writer()
  writer.unsignedVarint(frameVersion)
  writer.unsignedVarint(schema.apiKey)
  writer.unsignedVarint(version)
  encodeTo(writer, schema, version, record.data)
  return Buffer.concat(writer.chunks())
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
