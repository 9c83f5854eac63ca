import { type Connection, createAPI, type Reader, Writer } from '@platformatic/kafka'
import { withErrorCodes } from './kafka-error.ts'

export type FetchPartition = { partition: number; offset: number; maxBytes: number }

export type FetchedPartition = {
  partition: number
  errorCode: number
  highWatermark: number
  lastStableOffset: number
  logStartOffset: number
  abortedTransactions: { producerId: number; firstOffset: number }[]
  /** Whole batches, the last one perhaps cut; left undecoded because a search looks at few of them. */
  records: Buffer
}

export type FetchRequest = {
  topic: string
  partitions: readonly FetchPartition[]
  maxBytes: number
  maxWaitMs: number
  minBytes?: number
  committed?: boolean
}

const noRecords = Buffer.alloc(0)
const apiKey = 1
/** The last version that names topics, so that no topic id has to be looked up. */
const apiVersion = 12

/** Fetch (1) v12 of one topic without a session, to the leader behind `connection`. */
export async function fetchRaw(connection: Connection, request: FetchRequest): Promise<FetchedPartition[]> {
  const response = await withErrorCodes(fetchApi.async(connection, request))
  return response.partitions.map((partition) =>
    response.errorCode === 0 ? partition : { ...partition, errorCode: response.errorCode },
  )
}

function writeRequest(request: FetchRequest): Writer {
  return Writer.create()
    .appendInt32(-1)
    .appendInt32(request.maxWaitMs)
    .appendInt32(request.minBytes ?? 1)
    .appendInt32(request.maxBytes)
    .appendInt8(request.committed ? 1 : 0)
    .appendInt32(0)
    .appendInt32(-1)
    .appendArray([request.topic], (topics, topic) => {
      topics.appendString(topic).appendArray([...request.partitions], (partitions, partition) => {
        partitions
          .appendInt32(partition.partition)
          .appendInt32(-1)
          .appendInt64(BigInt(partition.offset))
          .appendInt32(-1)
          .appendInt64(-1n)
          .appendInt32(partition.maxBytes)
      })
    })
    .appendArray([], () => {})
    .appendString('')
    .appendTaggedFields()
}

type FetchResponse = { errorCode: number; partitions: FetchedPartition[] }

function readResponse(_correlationId: number, _key: number, _version: number, reader: Reader): FetchResponse {
  reader.readInt32()
  const errorCode = reader.readInt16()
  reader.readInt32()
  const topics = reader.readArray((topic) => {
    topic.readString()
    return topic.readArray(readPartition)
  })
  return { errorCode, partitions: topics.flat() }
}

function readPartition(reader: Reader): FetchedPartition {
  const partition = reader.readInt32()
  const errorCode = reader.readInt16()
  const highWatermark = Number(reader.readInt64())
  const lastStableOffset = Number(reader.readInt64())
  const logStartOffset = Number(reader.readInt64())
  const aborted = reader.readNullableArray((entry) => ({
    producerId: Number(entry.readInt64()),
    firstOffset: Number(entry.readInt64()),
  }))
  reader.readInt32()
  return {
    partition,
    errorCode,
    highWatermark,
    lastStableOffset,
    logStartOffset,
    abortedTransactions: aborted ?? [],
    records: reader.readNullableBytes() ?? noRecords,
  }
}

const fetchApi = createAPI<[FetchRequest], FetchResponse>(apiKey, apiVersion, writeRequest, readResponse)
