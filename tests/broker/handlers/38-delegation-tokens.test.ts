import { describe, expect, test } from 'vitest'
import { errorCode } from '../../../broker/protocol/error-codes.ts'
import {
  saslHandshakeRequest,
  saslHandshakeResponse,
} from '../../../broker/protocol/schemas/17-sasl-handshake.ts'
import {
  saslAuthenticateRequest,
  saslAuthenticateResponse,
} from '../../../broker/protocol/schemas/36-sasl-authenticate.ts'
import {
  createDelegationTokenRequest,
  createDelegationTokenResponse,
} from '../../../broker/protocol/schemas/38-create-delegation-token.ts'
import {
  renewDelegationTokenRequest,
  renewDelegationTokenResponse,
} from '../../../broker/protocol/schemas/39-renew-delegation-token.ts'
import {
  expireDelegationTokenRequest,
  expireDelegationTokenResponse,
} from '../../../broker/protocol/schemas/40-expire-delegation-token.ts'
import {
  describeDelegationTokenRequest,
  describeDelegationTokenResponse,
} from '../../../broker/protocol/schemas/41-describe-delegation-token.ts'
import { NodeFixture } from './node-fixture.ts'

/* What a plaintext listener answers, as Apache Kafka 4.3.1 answered it. */

const fixture = new NodeFixture()
const notAllowed = errorCode.delegationTokenRequestNotAllowed

describe('SASL', () => {
  test.each([0, 1])('SaslHandshake v%i has nothing to agree on', async (version) =>
    expect(
      await fixture.ask(saslHandshakeRequest, saslHandshakeResponse, version, { mechanism: 'PLAIN' }),
    ).toEqual({ errorCode: errorCode.illegalSaslState, mechanisms: [] }),
  )

  test.each([0, 1, 2])('SaslAuthenticate v%i comes too late', async (version) =>
    expect(
      await fixture.ask(saslAuthenticateRequest, saslAuthenticateResponse, version, {
        authBytes: Buffer.from('x'),
      }),
    ).toEqual({
      errorCode: errorCode.illegalSaslState,
      errorMessage: 'SaslAuthenticate request received after successful authentication',
      authBytes: Buffer.alloc(0),
      sessionLifetimeMs: 0,
    }),
  )
})

describe('delegation tokens', () => {
  const create = (version: number, owner: object) =>
    fixture.ask(createDelegationTokenRequest, createDelegationTokenResponse, version, {
      renewers: [{ principalType: 'User', principalName: 'r' }],
      maxLifetimeMs: -1,
      ...owner,
    })
  const times = { issueTimestampMs: -1, expiryTimestampMs: -1, maxTimestampMs: -1 }

  test.each([1, 2, 3])('CreateDelegationToken v%i gives none', async (version) =>
    expect(await create(version, {})).toMatchObject({
      errorCode: notAllowed,
      principalType: 'User',
      principalName: 'ANONYMOUS',
      tokenRequesterPrincipalName: version < 3 ? '' : 'ANONYMOUS',
      ...times,
      tokenId: '',
      hmac: Buffer.alloc(0),
    }),
  )

  test('CreateDelegationToken v3 names the owner that was asked for', async () =>
    expect(await create(3, { ownerPrincipalType: 'User', ownerPrincipalName: 'a' })).toMatchObject({
      errorCode: notAllowed,
      principalName: 'a',
      tokenRequesterPrincipalType: 'User',
      tokenRequesterPrincipalName: 'ANONYMOUS',
    }))

  test.each([1, 2])('RenewDelegationToken and ExpireDelegationToken v%i', async (version) => {
    const hmac = Buffer.from('x')
    const refused = { errorCode: notAllowed, expiryTimestampMs: -1, throttleTimeMs: 0 }
    const renewed = { hmac, renewPeriodMs: 1000 }
    expect(
      await fixture.ask(renewDelegationTokenRequest, renewDelegationTokenResponse, version, renewed),
    ).toEqual(refused)
    const expired = { hmac, expiryTimePeriodMs: -1 }
    expect(
      await fixture.ask(expireDelegationTokenRequest, expireDelegationTokenResponse, version, expired),
    ).toEqual(refused)
  })

  test.each([1, 2, 3])('DescribeDelegationToken v%i', async (version) =>
    expect(
      await fixture.ask(describeDelegationTokenRequest, describeDelegationTokenResponse, version, {
        owners: null,
      }),
    ).toEqual({ errorCode: notAllowed, tokens: [], throttleTimeMs: 0 }),
  )
})
