import { z } from 'zod'
import { endpointTable } from './endpoint.ts'
import { compression, queryFlag } from './figures.ts'

export const dataFormat = z.enum(['null', 'empty', 'json', 'utf8', 'hex', 'msgpack', 'cbor', 'xml', 'number'])
export type DataFormat = z.infer<typeof dataFormat>

/** `auto` detects; any other is tried first and named in `tried` when it does not fit. */
export const decoderChoice = z.enum(['auto', 'json', 'utf8', 'hex', 'msgpack', 'cbor', 'xml'])
export type DecoderChoice = z.infer<typeof decoderChoice>

/** A key, value or header value, decoded for reading. */
export const datum = z
  .object({
    format: dataFormat,
    /** JSON text for json, msgpack and cbor; the text for utf8 and xml; pairs of hex digits for hex. */
    text: z.string(),
    /** Bytes in the record; null for a null. */
    size: z.number().nullable(),
    /** `text` shows only the beginning; load the whole with `GET …/records/{offset}`. */
    truncated: z.boolean(),
    /** What was tried before `format`, each with the reason why it did not fit. */
    tried: z.array(z.object({ format: dataFormat, reason: z.string() })),
    /** Only where raw bytes were asked for; cut where `truncated`. */
    base64: z.string().optional(),
  })
  .meta({ id: 'Datum' })
export type Datum = z.infer<typeof datum>

export const record = z
  .object({
    partition: z.number(),
    offset: z.number(),
    timestamp: z.number(),
    timestampType: z.enum(['CreateTime', 'LogAppendTime']),
    key: datum,
    value: datum,
    headers: z.array(z.object({ key: z.string(), value: datum })),
    /** Key, value and headers in bytes, uncompressed. */
    size: z.number(),
    compression,
    /** −1: not idempotent. */
    producerId: z.number(),
    producerEpoch: z.number(),
    sequence: z.number(),
    isTransactional: z.boolean(),
  })
  .meta({ id: 'Record' })
export type KafkaRecord = z.infer<typeof record>

export const position = z.enum(['newest', 'oldest', 'offset', 'time', 'group', 'cursor'])
export type Position = z.infer<typeof position>

const decoders = {
  keyDecoder: decoderChoice.default('auto'),
  valueDecoder: decoderChoice.default('auto'),
}

/** `0,3,7` in a URL; absent: all. */
export const partitionList = z
  .string()
  .regex(/^\d+(,\d+)*$/, 'Partition numbers separated by commas.')
  .transform((text) => text.split(',').map(Number))
  .or(z.array(z.int().min(0)))

export const isolationLevel = z.enum(['read_uncommitted', 'read_committed'])

export const browseQuery = z.object({
  position: position.default('newest'),
  /** With position=offset; every chosen partition starts there. */
  offset: z.coerce.number().int().min(0).optional(),
  /** With position=time; ms since 1970. */
  timestamp: z.coerce.number().int().min(0).optional(),
  /** With position=group. */
  group: z.string().optional(),
  /** With position=cursor; `next` or `previous` of an earlier page. */
  cursor: z.string().optional(),
  partitions: partitionList.optional(),
  limit: z.coerce.number().int().min(1).max(1000).default(50),
  isolation: isolationLevel.default('read_uncommitted'),
  raw: queryFlag.default(false),
  ...decoders,
})
export type BrowseQuery = z.input<typeof browseQuery>

export const recordPage = z
  .object({
    /** Newest first for position=newest (and its cursors), else oldest first; merged by timestamp, then partition, offset. */
    records: z.array(record),
    order: z.enum(['newestFirst', 'oldestFirst']),
    /** Cursor of the page after this one in reading order; null: nothing there yet. */
    next: z.string().nullable(),
    previous: z.string().nullable(),
    partitions: z.array(
      z.object({ partition: z.number(), logStartOffset: z.number(), highWatermark: z.number() }),
    ),
    /** Words for the page: an offset past retention, a partition without records, … */
    notes: z.array(z.string()),
  })
  .meta({ id: 'RecordPage' })
export type RecordPage = z.infer<typeof recordPage>

/** What a filter looks for. `text` is a case-insensitive substring; `cel` is an expression. */
export const filter = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('text'),
    text: z.string().min(1).max(1000),
    in: z.enum(['key', 'value', 'headers', 'any']).default('any'),
    caseSensitive: z.boolean().default(false),
  }),
  z.object({
    kind: z.literal('cel'),
    /** Variables: `key`, `value` (decoded), `headers` (map), `partition`, `offset`, `timestamp` (ms), `size`. */
    expression: z.string().min(1).max(2000),
  }),
])
export type Filter = z.input<typeof filter>

export const filterCheckBody = z.object({ filter })

/** A search over a range; runs as a WebSocket subscription (channel `search`). */
export const searchRequest = z
  .object({
    cluster: z.string(),
    topic: z.string(),
    partitions: z.array(z.int().min(0)).optional(),
    filter,
    /** Bounds; absent: the whole log as it stands now. */
    fromTimestamp: z.number().optional(),
    toTimestamp: z.number().optional(),
    fromOffset: z.number().optional(),
    toOffset: z.number().optional(),
    /** Newest first scans backwards in blocks, so that the latest hit shows at once. */
    order: z.enum(['newestFirst', 'oldestFirst']).default('newestFirst'),
    /** The job ends when it has as many hits. */
    maxHits: z.int().min(1).max(10_000).default(500),
    isolation: isolationLevel.default('read_uncommitted'),
    keyDecoder: decoderChoice.default('auto'),
    valueDecoder: decoderChoice.default('auto'),
  })
  .meta({ id: 'SearchRequest' })
export type SearchRequest = z.input<typeof searchRequest>

export const searchProgress = z
  .object({
    state: z.enum(['running', 'done', 'stopped', 'limit', 'failed']),
    recordsScanned: z.number(),
    /** Offsets in the range; an upper bound on the records. */
    recordsTotal: z.number(),
    bytesScanned: z.number(),
    recordsPerSecond: z.number(),
    hits: z.number(),
    elapsedMs: z.number(),
    /** Records on which the expression threw, with the first message. */
    errors: z.number(),
    firstError: z.string().nullable(),
  })
  .meta({ id: 'SearchProgress' })
export type SearchProgress = z.infer<typeof searchProgress>

export const tailRequest = z
  .object({
    cluster: z.string(),
    topic: z.string(),
    partitions: z.array(z.int().min(0)).optional(),
    filter: filter.optional(),
    isolation: isolationLevel.default('read_uncommitted'),
    keyDecoder: decoderChoice.default('auto'),
    valueDecoder: decoderChoice.default('auto'),
  })
  .meta({ id: 'TailRequest' })
export type TailRequest = z.input<typeof tailRequest>

/** Text or bytes to produce. `null` is a null key or a tombstone. */
export const produceDatum = z
  .union([z.string(), z.object({ base64: z.base64() }), z.null()])
  .meta({ id: 'ProduceDatum' })
export type ProduceDatum = z.input<typeof produceDatum>

export const produceRecord = z
  .object({
    key: produceDatum.default(null),
    value: produceDatum,
    headers: z.array(z.object({ key: z.string().min(1), value: produceDatum })).default([]),
    /** Absent: by key (murmur2), or spread evenly without one. */
    partition: z.int().min(0).optional(),
    /** Absent: now. */
    timestamp: z.int().min(0).optional(),
  })
  .meta({ id: 'ProduceRecord' })
export type ProduceRecord = z.input<typeof produceRecord>

export const produceBody = z
  .object({
    records: z.array(produceRecord).min(1).max(10_000),
    compression: compression.default('none'),
    acks: z.enum(['all', '1', '0']).default('all'),
  })
  .meta({ id: 'Produce' })
export type ProduceBody = z.input<typeof produceBody>

export const produced = z
  .object({
    records: z.number(),
    /** First and last offset a partition; null with acks=0. */
    partitions: z.array(
      z.object({
        partition: z.number(),
        records: z.number(),
        baseOffset: z.number().nullable(),
        lastOffset: z.number().nullable(),
      }),
    ),
    elapsedMs: z.number(),
  })
  .meta({ id: 'Produced' })
export type Produced = z.infer<typeof produced>

export const exportQuery = browseQuery.omit({ limit: true, cursor: true, raw: true }).extend({
  format: z.enum(['json', 'csv']).default('json'),
  limit: z.coerce.number().int().min(1).max(10_000_000).default(100_000),
  /** `text:` or `cel:` followed by the filter. */
  filter: z.string().max(2010).optional(),
})

export const visibilityReason = z.enum([
  'visible',
  'consumed',
  'notYetFetched',
  'beyondHighWatermark',
  'beyondLastStableOffset',
  'aborted',
  'compacted',
  'pastRetention',
  'otherMember',
  'notAssigned',
  'noSuchOffset',
])

/** Answer to "why can't my consumer see this record?". */
export const visibility = z
  .object({
    visible: z.boolean(),
    reason: visibilityReason,
    text: z.string(),
    facts: z.array(z.object({ name: z.string(), value: z.string() })),
  })
  .meta({ id: 'Visibility' })
export type Visibility = z.infer<typeof visibility>

export const recordEndpoints = endpointTable({
  'GET /api/clusters/{cluster}/topics/{topic}/records': {
    tag: 'Records',
    summary: 'Browse: one page of records from a position, one partition or all in time order',
    query: browseQuery,
    response: recordPage,
  },
  'GET /api/clusters/{cluster}/topics/{topic}/partitions/{partition}/records/{offset}': {
    tag: 'Records',
    summary: 'One record whole, nothing truncated (up to 64 MiB)',
    query: z.object({ raw: queryFlag.default(false), ...decoders }),
    response: record,
  },
  'GET /api/clusters/{cluster}/topics/{topic}/partitions/{partition}/records/{offset}/value': {
    tag: 'Records',
    summary: 'The value alone as bytes, as a download',
    query: z.object({ part: z.enum(['key', 'value']).default('value') }),
    response: z.string(),
    streams: ['application/octet-stream'],
  },
  'GET /api/clusters/{cluster}/topics/{topic}/partitions/{partition}/records/{offset}/visibility': {
    tag: 'Records',
    summary: 'Why a consumer cannot see this record',
    query: z.object({ group: z.string().optional(), isolation: isolationLevel.default('read_committed') }),
    response: visibility,
  },
  'POST /api/clusters/{cluster}/topics/{topic}/records': {
    tag: 'Records',
    summary: 'Produce one or many records',
    body: produceBody,
    response: produced,
  },
  'POST /api/filters/check': {
    tag: 'Records',
    summary: 'Whether a filter parses, with the place of the mistake',
    body: filterCheckBody,
    response: z.object({ ok: z.boolean(), message: z.string().nullable(), at: z.number().nullable() }),
  },
  'GET /api/clusters/{cluster}/topics/{topic}/export': {
    tag: 'Records',
    summary: 'Records as a JSON array or CSV, streamed as a download',
    query: exportQuery,
    response: z.string(),
    streams: ['application/json', 'text/csv'],
  },
})
