import { describe, expect, test } from 'vitest'
import { offeredApis } from '../../../broker/handlers/offered-apis.ts'
import { errorCode } from '../../../broker/protocol/error-codes.ts'
import { apiVersionsRequest, apiVersionsResponse } from '../../../broker/protocol/schemas/18-api-versions.ts'
import { NodeFixture } from './node-fixture.ts'

function ask(version: number, clientSoftwareName = 'test', clientSoftwareVersion = '1.0') {
  const software = version >= 3 ? { clientSoftwareName, clientSoftwareVersion } : {}
  return new NodeFixture().ask(apiVersionsRequest, apiVersionsResponse, version, software)
}

describe('ApiVersions', () => {
  test.each([0, 1, 2, 3, 4])('v%i tells what is offered, and no more', async (version) => {
    const answer = await ask(version)
    expect(answer.errorCode).toBe(0)
    expect(answer.apiKeys.map(({ apiKey }) => apiKey)).toEqual([...offeredApis.keys()])
    expect(answer.apiKeys).toContainEqual({ apiKey: 0, minVersion: 0, maxVersion: 13 })
    expect(answer.apiKeys).toContainEqual({ apiKey: 1, minVersion: 4, maxVersion: 18 })
  })

  test('v3 cannot carry a feature whose minimum is 0, and still finalizes it', async () => {
    const old = await ask(3)
    expect(old.supportedFeatures.every(({ minVersion }) => minVersion > 0)).toBe(true)
    expect(old.finalizedFeatures).toContainEqual({
      name: 'group.version',
      maxVersionLevel: 1,
      minVersionLevel: 1,
    })
    const current = await ask(4)
    expect(current.supportedFeatures).toContainEqual({ name: 'group.version', minVersion: 0, maxVersion: 1 })
    expect(current.finalizedFeaturesEpoch).toBeGreaterThanOrEqual(0)
  })

  test('refuses a client whose name is none (KIP-511)', async () => {
    expect((await ask(3, 'a b')).errorCode).toBe(errorCode.invalidRequest)
    expect((await ask(3, '')).errorCode).toBe(errorCode.invalidRequest)
    expect((await ask(3, 'apache-kafka-java', '4.3.1')).errorCode).toBe(0)
  })
})
