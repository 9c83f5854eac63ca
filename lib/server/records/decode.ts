import { isUtf8 } from 'node:buffer'
import { decode as decodeMessagePack } from '@msgpack/msgpack'
import { decode as decodeCbor } from 'cborg'
import { XMLValidator } from 'fast-xml-parser'
import type { DataFormat, Datum, DecoderChoice } from '../../contract/records.ts'

export type DecodeOptions = {
  decoder: DecoderChoice
  /** Longer text is cut and marked. */
  maxText: number
  raw: boolean
}

export const pageDecoding: DecodeOptions = { decoder: 'auto', maxText: 4_096, raw: false }
/** For "load whole": 64 MiB. */
export const wholeDecoding: DecodeOptions = { decoder: 'auto', maxText: 64 * 1024 * 1024, raw: false }

/** Above this, formats are told by the first bytes alone: parsing tens of megabytes would stall the server. */
const wholeParseBytes = 256 * 1024

type Attempt = { text: string } | { reason: string }
type Decoder = (bytes: Buffer, chosen: boolean) => Attempt

const decoders: Record<Exclude<DecoderChoice, 'auto'>, Decoder> = {
  json: asJson,
  xml: asXml,
  utf8: asUtf8,
  msgpack: (bytes, chosen) => asBinary(bytes, chosen, (data) => decodeMessagePack(data)),
  cbor: (bytes, chosen) => asBinary(bytes, chosen, (data) => decodeCbor(data, { useMaps: true })),
  hex: (bytes) => ({ text: bytes.toString('hex') }),
}
const automatic = ['json', 'xml', 'utf8', 'msgpack', 'cbor'] as const

/** A key, value or header for reading: the chosen decoder first, then detection, saying what did not fit. */
export function decodeDatum(bytes: Buffer | null, options: DecodeOptions = pageDecoding): Datum {
  if (bytes === null) return { format: 'null', text: '', size: null, truncated: false, tried: [] }
  if (bytes.length === 0) return { format: 'empty', text: '', size: 0, truncated: false, tried: [] }
  const tried: Datum['tried'] = []
  const chosen = options.decoder === 'auto' ? [] : [options.decoder]
  for (const format of new Set([...chosen, ...automatic])) {
    const attempt = decoders[format](bytes, format === options.decoder)
    if ('text' in attempt) return datum(bytes, format, attempt.text, tried, options)
    tried.push({ format, reason: attempt.reason })
  }
  const number = asNumber(bytes)
  if (number !== undefined) return datum(bytes, 'number', number, tried, options)
  // Two digits a byte: no more than is shown has to be made.
  const shown = bytes.subarray(0, Math.ceil(options.maxText / 2) + 1)
  return datum(bytes, 'hex', shown.toString('hex'), tried, options)
}

function datum(
  bytes: Buffer,
  format: DataFormat,
  text: string,
  tried: Datum['tried'],
  { maxText, raw }: DecodeOptions,
): Datum {
  const truncated = text.length > maxText
  const shown = truncated ? text.slice(0, maxText) : text
  const base = { format, text: shown, size: bytes.length, truncated, tried }
  return raw ? { ...base, base64: bytes.subarray(0, maxText).toString('base64') } : base
}

/** The value as data for filters: parsed where it is structured, else text; undefined for null. */
export function decodeValue(bytes: Buffer | null, decoder: DecoderChoice): unknown {
  if (bytes === null) return null
  if (decoder === 'auto' && bytes[0] !== undefined && startsJson(bytes[0])) {
    try {
      return JSON.parse(bytes.toString())
    } catch {
      // Looks like JSON and is not: the slow way names it.
    }
  }
  const { format, text } = decodeDatum(bytes, { decoder, maxText: wholeParseBytes, raw: false })
  if (format !== 'json' && format !== 'msgpack' && format !== 'cbor') return text
  try {
    return JSON.parse(text)
  } catch {
    return text
  }
}

function startsJson(byte: number): boolean {
  // { [ " − 0–9 t f n, or white space before them
  return (
    byte === 0x7b ||
    byte === 0x5b ||
    byte === 0x22 ||
    byte === 0x2d ||
    (byte >= 0x30 && byte <= 0x39) ||
    byte === 0x74 ||
    byte === 0x66 ||
    byte === 0x6e ||
    byte === 0x20 ||
    byte === 0x0a ||
    byte === 0x0d ||
    byte === 0x09
  )
}

function asJson(bytes: Buffer, chosen: boolean): Attempt {
  if (!startsJson(bytes[0]!)) return { reason: 'does not begin as JSON does' }
  if (!isUtf8(bytes)) return { reason: 'not valid UTF-8' }
  const text = bytes.toString()
  if (bytes.length > wholeParseBytes && !chosen) {
    const begins = /^\s*[{[]/.test(text) && /[}\]]\s*$/.test(text)
    return begins ? { text } : { reason: 'too large to parse, and not between brackets' }
  }
  try {
    JSON.parse(text)
    return { text }
  } catch (error) {
    return { reason: messageOf(error) }
  }
}

function asXml(bytes: Buffer): Attempt {
  const start = bytes.subarray(0, 64).toString('latin1').replace('\u00ef\u00bb\u00bf', '').trimStart()
  if (!start.startsWith('<')) return { reason: 'does not begin with <' }
  if (!isUtf8(bytes)) return { reason: 'not valid UTF-8' }
  const text = bytes.toString()
  if (bytes.length > wholeParseBytes) return { text }
  const verdict = XMLValidator.validate(text)
  return verdict === true ? { text } : { reason: verdict.err.msg }
}

function asUtf8(bytes: Buffer, chosen: boolean): Attempt {
  if (!isUtf8(bytes)) return { reason: 'not valid UTF-8' }
  const text = bytes.toString()
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what tells binary from text
  if (!chosen && /[\x00-\x08\x0b\x0c\x0e-\x1f]/.test(text.slice(0, 4_096))) {
    return { reason: 'holds control characters' }
  }
  return { text }
}

/** Almost any byte is a valid number in MessagePack and CBOR, so detection takes maps and arrays only. */
function asBinary(bytes: Buffer, chosen: boolean, decode: (bytes: Buffer) => unknown): Attempt {
  if (bytes.length > wholeParseBytes && !chosen) return { reason: 'too large to try' }
  try {
    const value = decode(bytes)
    if (!chosen && (typeof value !== 'object' || value === null || value instanceof Uint8Array)) {
      return { reason: 'not a map or an array' }
    }
    return { text: JSON.stringify(plain(value)) ?? 'null' }
  } catch (error) {
    return { reason: messageOf(error) }
  }
}

/** What JSON cannot say, as what it can: maps as objects, bytes as base64, large integers as text. */
function plain(value: unknown): unknown {
  if (typeof value === 'bigint') return Number.isSafeInteger(Number(value)) ? Number(value) : String(value)
  if (typeof value !== 'object' || value === null) return value
  if (value instanceof Uint8Array) return Buffer.from(value).toString('base64')
  if (value instanceof Date) return value.toISOString()
  if (Array.isArray(value)) return value.map(plain)
  const entries = value instanceof Map ? [...value] : Object.entries(value)
  return Object.fromEntries(entries.map(([key, inner]) => [String(plain(key)), plain(inner)]))
}

/** Java's Integer and Long serializers: 4 or 8 bytes, small in magnitude, or they would be anything. */
function asNumber(bytes: Buffer): string | undefined {
  if (bytes[0] !== 0 && bytes[0] !== 0xff) return undefined
  if (bytes.length === 4) return String(bytes.readInt32BE())
  if (bytes.length === 8) return String(bytes.readBigInt64BE())
  return undefined
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
