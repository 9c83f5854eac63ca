import type { Chunk } from '../core/file-region.ts'
import { decodeFrom, encodeTo } from './codec.ts'
import { DecodeError } from './errors.ts'
import type { EncodableShape, Message, Shape } from './fields.ts'
import { int16, int32, message, string } from './fields.ts'
import type { Reader } from './reader.ts'
import { includesVersion } from './versions.ts'
import { Writer } from './writer.ts'

const apiVersionsKey = 18

/** v0 has no client id (ControlledShutdown v0 only), v2 has tagged fields. */
export const requestHeader = message(
  { name: 'RequestHeader', versions: '0-2', flexible: '2+' },
  {
    requestApiKey: int16(),
    requestApiVersion: int16(),
    correlationId: int32(),
    clientId: string('1+', { nullable: '1+', flexible: 'none' }),
  },
)

export const responseHeader = message(
  { name: 'ResponseHeader', versions: '0-1', flexible: '1+' },
  { correlationId: int32() },
)

export interface RequestHeader {
  readonly requestApiKey: number
  readonly requestApiVersion: number
  readonly correlationId: number
  readonly clientId: string | null
}

/**
 * Reads the part of the header that every request has, without the tagged fields of v2: whether they
 * follow depends on an API and version that may be unknown. `skipHeaderTags` reads on.
 */
export function readRequestHeader(reader: Reader): RequestHeader {
  const start = reader.offset
  try {
    return readPlainly(reader)
  } catch (error) {
    if (!(error instanceof DecodeError)) throw error
    // The table says which field it is.
    reader.offset = start
    return decodeFrom(requestHeader, 1, reader)
  }
}

/** What the table above reads, by hand, since every request has it. */
function readPlainly(reader: Reader): RequestHeader {
  const requestApiKey = reader.int16()
  const requestApiVersion = reader.int16()
  const correlationId = reader.int32()
  const idBytes = reader.int16()
  return {
    requestApiKey,
    requestApiVersion,
    correlationId,
    clientId: idBytes < 0 ? null : reader.string(idBytes),
  }
}

/** Moves past the tagged fields of a v2 header, so that the reader stands on the body. */
export function skipHeaderTags(request: Message, version: number, reader: Reader): void {
  if (requestHeaderVersion(request, version) < 2) return
  try {
    // A count of more than 31 bits is none, as Kafka reads it.
    for (let left = reader.unsignedVarint() | 0; left > 0; left--) {
      reader.unsignedVarint()
      reader.take(reader.unsignedVarint())
    }
  } catch (error) {
    if (error instanceof DecodeError) error.in('RequestHeader v2.taggedFields')
    throw error
  }
}

export function requestHeaderVersion(request: Message, version: number): 1 | 2 {
  return includesVersion(request.flexible, version) ? 2 : 1
}

/**
 * ApiVersions answers with header v0 always: a client reads it before it knows what the broker speaks
 * (KIP-511).
 */
export function responseHeaderVersion(response: Message, version: number): 0 | 1 {
  return response.apiKey !== apiVersionsKey && includesVersion(response.flexible, version) ? 1 : 0
}

/** A whole response frame in chunks: length, header, body. Records may still lie in their files. */
export function encodeResponseChunks<S extends Shape>(
  response: Message<S>,
  version: number,
  correlationId: number,
  body: EncodableShape<S>,
): Chunk[] {
  return responseWriter(response, version, correlationId, body).chunks()
}

/** As `encodeResponseChunks`, of a message that leaves nothing in files. */
export function encodeResponse<S extends Shape>(
  response: Message<S>,
  version: number,
  correlationId: number,
  body: EncodableShape<S>,
): Buffer[] {
  return responseWriter(response, version, correlationId, body).buffers()
}

function responseWriter<S extends Shape>(
  response: Message<S>,
  version: number,
  correlationId: number,
  body: EncodableShape<S>,
): Writer {
  const writer = new Writer()
  writer.int32(0)
  encodeTo(writer, responseHeader, responseHeaderVersion(response, version), { correlationId })
  encodeTo(writer, response, version, body)
  writer.frame()
  return writer
}

/** A whole request frame in chunks for writev: length, header, body. */
export function encodeRequest<S extends Shape>(
  request: Message<S>,
  version: number,
  header: { readonly correlationId: number; readonly clientId: string | null },
  body: EncodableShape<S>,
): Buffer[] {
  const writer = new Writer()
  writer.int32(0)
  encodeTo(writer, requestHeader, requestHeaderVersion(request, version), {
    requestApiKey: request.apiKey,
    requestApiVersion: version,
    ...header,
  })
  encodeTo(writer, request, version, body)
  writer.frame()
  return writer.buffers()
}
