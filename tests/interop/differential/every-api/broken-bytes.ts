import type { Message } from '../../../../broker/protocol/fields.ts'
import { requestHeaderVersion } from '../../../../broker/protocol/header.ts'
import { type Layout, type Mark, varint } from './layout.ts'

/** A request whose bytes are wrong somewhere: the frame's content, header and body. */
export type BrokenRequest = {
  readonly kind: 'edge' | 'broken'
  readonly name: string
  readonly frame: Buffer
}

type Damage = { readonly name: string; readonly body: Buffer; readonly isEdge?: boolean }

const unknownTag = 9_999
const int32Max = Buffer.from('7fffffff', 'hex')

/** Every way to damage this request: each field cut off, each length and count a lie, tags, header. */
export function brokenRequests(
  message: Message,
  version: number,
  layout: Layout,
  correlationId: number,
): BrokenRequest[] {
  const isFlexible = requestHeaderVersion(message, version) === 2
  const header = requestHeader(message.apiKey, version, correlationId, isFlexible)
  const bodies = [
    ...truncations(layout),
    { name: 'a byte too many', body: Buffer.concat([layout.bytes, Buffer.from([1])]) },
    { name: 'nine bytes too many', body: Buffer.concat([layout.bytes, Buffer.alloc(9, 0xff)]) },
    ...layout.marks.flatMap((mark) => liesAt(mark, layout)),
  ]
  return [
    ...bodies.map(({ name, body }) => ({
      kind: 'broken' as const,
      name,
      frame: Buffer.concat([header, body]),
    })),
    ...headers(message.apiKey, version, correlationId, isFlexible).map(({ name, body, isEdge }) => ({
      kind: isEdge ? ('edge' as const) : ('broken' as const),
      name,
      frame: Buffer.concat([body, layout.bytes]),
    })),
  ]
}

/** The header of a request of client `c`. */
export function requestHeader(
  apiKey: number,
  version: number,
  correlationId: number,
  isFlexible: boolean,
): Buffer {
  return Buffer.concat([
    headerStart(apiKey, version, correlationId),
    clientId,
    Buffer.alloc(isFlexible ? 1 : 0),
  ])
}

const clientId = Buffer.from('000163', 'hex')

function headerStart(apiKey: number, version: number, correlationId: number): Buffer {
  const start = Buffer.alloc(8)
  start.writeInt16BE(apiKey, 0)
  start.writeInt16BE(version, 2)
  start.writeInt32BE(correlationId, 4)
  return start
}

function headers(apiKey: number, version: number, correlationId: number, isFlexible: boolean): Damage[] {
  const start = headerStart(apiKey, version, correlationId)
  const tags = Buffer.alloc(isFlexible ? 1 : 0)
  const withId = (name: string, id: string, isEdge = false) => ({
    name: `client id ${name}`,
    isEdge,
    body: Buffer.concat([start, Buffer.from(id, 'hex'), tags]),
  })
  const plain = [
    withId('null', 'ffff', true),
    withId('empty', '0000', true),
    withId('of -2 bytes', 'fffe'),
    withId('of 32767 bytes', '7fff'),
  ]
  if (!isFlexible) return plain
  const tagged = (name: string, bytes: Buffer) => ({
    name: `header ${name}`,
    body: Buffer.concat([start, clientId, bytes]),
  })
  return [
    ...plain,
    tagged('with an unknown tag', oneTag(unknownTag, Buffer.from([1, 2, 3]))),
    tagged(
      'with a tag longer than the frame',
      Buffer.concat([varint(1), varint(unknownTag), varint(1_000_000)]),
    ),
    tagged('with 2³²−1 tags', varint(0xffffffff)),
  ]
}

/** Up to each field, and into the middle of each. */
function truncations({ bytes, marks }: Layout): Damage[] {
  return marks.flatMap(({ path, kind, at, size }) => {
    const before = { name: `cut before ${path} (${kind})`, body: bytes.subarray(0, at) }
    if (size < 2) return [before]
    return [before, { name: `cut within ${path} (${kind})`, body: bytes.subarray(0, at + (size >> 1)) }]
  })
}

function liesAt(mark: Mark, layout: Layout): Damage[] {
  const { path, kind } = mark
  const instead = (word: string, bytes: Buffer): Damage => ({
    name: `${path} (${kind}) ${word}`,
    body: replaced(layout.bytes, mark, bytes),
  })
  const now = layout.bytes.subarray(mark.at, mark.at + mark.size)
  switch (kind) {
    case 'length':
    case 'count': {
      const { size } = mark
      const value = now.readIntBE(0, size)
      const to = (word: string, number: number) => instead(word, signed(number, size))
      const lies = [to('-2', -2), to('least', size === 2 ? -0x8000 : -0x80000000), to('one more', value + 1)]
      if (value !== -1) lies.push(to('-1', -1))
      return [...lies, instead('greatest', size === 2 ? Buffer.from('7fff', 'hex') : int32Max)]
    }
    case 'compact':
      return [
        ...(now.equals(Buffer.from([0])) ? [] : [instead('null', varint(0))]),
        instead('one more', varint((now[0]! & 0x7f) + 1 + (now.length > 1 ? (now[1]! & 0x7f) * 128 : 0))),
        instead('greatest', varint(0x7fffffff)),
        instead('beyond 2³¹', varint(0xfffffff0)),
        instead('longer than 32 bits', Buffer.from('ffffffffffff01', 'hex')),
      ]
    case 'tags':
      return [
        instead('unknown', oneTag(unknownTag, Buffer.from([1, 2, 3]))),
        instead('unknown and empty', oneTag(unknownTag, Buffer.alloc(0))),
        instead('the first, of one byte', oneTag(0, Buffer.from([0x81]))),
        instead('longer than the frame', Buffer.concat([varint(1), varint(unknownTag), varint(1_000_000)])),
        instead('many', varint(0x7fffffff)),
      ]
    case 'bool':
      return [instead('2', Buffer.from([2])), instead('255', Buffer.from([0xff]))]
    case 'int64':
      return [
        instead('the least of 64 bits', Buffer.from('8000000000000000', 'hex')),
        instead('2^62', Buffer.from('4000000000000000', 'hex')),
      ]
    case 'text':
      return [instead('not UTF-8', Buffer.alloc(mark.size, 0xff))]
    default:
      return []
  }
}

function oneTag(tag: number, bytes: Buffer): Buffer {
  return Buffer.concat([varint(1), varint(tag), varint(bytes.length), bytes])
}

function signed(value: number, size: number): Buffer {
  const bytes = Buffer.alloc(size)
  bytes.writeIntBE(value, 0, size)
  return bytes
}

function replaced(bytes: Buffer, { at, size }: Mark, by: Buffer): Buffer {
  return Buffer.concat([bytes.subarray(0, at), by, bytes.subarray(at + size)])
}
