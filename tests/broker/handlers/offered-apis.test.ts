import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { offeredApis } from '../../../broker/handlers/offered-apis.ts'
import { ApiRegistry } from '../../../broker/handlers/registry.ts'

const apis = await new ApiRegistry().loadAll()
const byKey = (a: { key: number }, b: { key: number }) => a.key - b.key

describe('the table of what is offered', () => {
  test('says what the messages say', () => {
    const offered = [...offeredApis.values()].map(({ key, name, minVersion, maxVersion }) => ({
      key,
      name,
      versions: { min: minVersion, max: maxVersion },
    }))
    const said = (side: 'request' | 'response') =>
      [...apis.values()]
        .map(({ [side]: { apiKey, name, versions } }) => ({
          key: apiKey,
          name: name.replace(side === 'request' ? /Request$/ : /Response$/, ''),
          versions: { min: versions.min, max: versions.max },
        }))
        .sort(byKey)
    expect(offered).toEqual(said('request'))
    expect(offered).toEqual(said('response'))
  })

  test('names each API that has a handler', () => {
    const files = readdirSync(join(import.meta.dirname, '../../../broker/handlers'))
    const keys = files.flatMap((file) => /^(\d\d)-/.exec(file)?.[1] ?? [])
    expect([...offeredApis.keys()]).toEqual(keys.map(Number))
  })

  test('tells a lower version than is answered for Produce alone, as Kafka does', () => {
    const lower = [...offeredApis.values()].filter((api) => api.advertisedMinVersion !== api.minVersion)
    expect(lower.map(({ name, advertisedMinVersion }) => [name, advertisedMinVersion])).toEqual([
      ['Produce', 0],
    ])
  })
})
