import { describe, expect, test } from 'vitest'
import { decode, decodeFrom } from '../../../broker/protocol/codec.ts'
import {
  encodeRequest,
  encodeResponse,
  readRequestHeader,
  requestHeaderVersion,
  responseHeaderVersion,
  skipHeaderTags,
} from '../../../broker/protocol/header.ts'
import { Reader } from '../../../broker/protocol/reader.ts'
import { produceRequest } from '../../../broker/protocol/schemas/00-produce.ts'
import { heartbeatResponse } from '../../../broker/protocol/schemas/12-heartbeat.ts'
import { saslHandshakeRequest } from '../../../broker/protocol/schemas/17-sasl-handshake.ts'
import { apiVersionsRequest, apiVersionsResponse } from '../../../broker/protocol/schemas/18-api-versions.ts'

describe('headers', () => {
  test('follow the flexible versions, but for the response of ApiVersions', () => {
    expect([8, 9].map((version) => requestHeaderVersion(produceRequest, version))).toEqual([1, 2])
    expect(requestHeaderVersion(saslHandshakeRequest, 1)).toBe(1)
    expect([3, 4].map((version) => responseHeaderVersion(heartbeatResponse, version))).toEqual([0, 1])
    expect(requestHeaderVersion(apiVersionsRequest, 3)).toBe(2)
    expect(responseHeaderVersion(apiVersionsResponse, 3)).toBe(0)
  })

  test.each([
    [0, null],
    [3, 'a client'],
  ])('a request of v%i is read back', (version, clientId) => {
    const body = { clientSoftwareName: 'millrace', clientSoftwareVersion: '1' }
    const frame = Buffer.concat(
      encodeRequest(apiVersionsRequest, version, { correlationId: 7, clientId }, body),
    )
    expect(frame.readInt32BE(0)).toBe(frame.length - 4)
    const reader = new Reader(frame, 4)
    const header = readRequestHeader(reader)
    expect(header).toEqual({ requestApiKey: 18, requestApiVersion: version, correlationId: 7, clientId })
    skipHeaderTags(apiVersionsRequest, version, reader)
    const decoded = decodeFrom(apiVersionsRequest, version, reader)
    expect(decoded.clientSoftwareName).toBe(version === 0 ? '' : 'millrace')
    expect(reader.remaining).toBe(0)
  })

  test('tagged fields in a header are skipped', () => {
    const reader = new Reader(Buffer.from('02' + '0001ff' + '0502aabb' + '99', 'hex'))
    skipHeaderTags(produceRequest, 9, reader)
    expect(reader.uint8()).toBe(0x99)
  })

  test('a response has its length, correlation id and, when flexible, an empty tag buffer', () => {
    const frame = Buffer.concat(encodeResponse(heartbeatResponse, 4, 258, { errorCode: 27 }))
    expect(frame.toString('hex')).toBe('0000000c' + '00000102' + '00' + '00000000' + '001b' + '00')
    expect(decode(heartbeatResponse, 4, frame.subarray(9))).toEqual({ throttleTimeMs: 0, errorCode: 27 })
  })
})
