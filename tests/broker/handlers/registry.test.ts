import { describe, expect, test } from 'vitest'
import { ManualClock } from '../../../broker/core/clock.ts'
import type { ApiHandler } from '../../../broker/handlers/api.ts'
import { groups } from '../../../broker/handlers/families/groups.ts'
import { records } from '../../../broker/handlers/families/records.ts'
import { ApiRegistry, FamilyLoadError, type FamilyLoaders } from '../../../broker/handlers/registry.ts'

const produceKey = 0
const fetchKey = 1
const metadataKey = 3
const heartbeatKey = 12

/** Families that are loaded when the test says so; those without an entry have no handlers. */
function registryOf(loaders: Partial<FamilyLoaders>, prepare?: () => Promise<void>): ApiRegistry {
  const empty = async () => []
  const none = { groups: empty, topics: empty, transactions: empty, cluster: empty, security: empty }
  return new ApiRegistry({ loaders: { records: empty, ...none, ...loaders }, ...(prepare && { prepare }) })
}

/** Runs what waits for promises that are settled. */
const settle = () => new Promise((resolve) => setImmediate(resolve))

describe('the registry', () => {
  test('knows from the start what a client asks at first', async () => {
    const registry = registryOf({})
    expect(registry.get(metadataKey)?.name).toBe('Metadata')
    expect((await registry.load(metadataKey))?.name).toBe('Metadata')
    expect(registry.load(4)).toBeUndefined()
  })

  test('loads a family once for all who ask meanwhile', async () => {
    const { promise, resolve } = Promise.withResolvers<readonly ApiHandler[]>()
    let loads = 0
    const registry = registryOf({
      records: () => {
        loads++
        return promise
      },
    })
    const asked = [registry.load(produceKey), registry.load(fetchKey)]
    expect(registry.get(produceKey)).toBeUndefined()
    expect(registry.isLoading).toBe(true)
    resolve(records)
    expect((await Promise.all(asked)).map((api) => api?.name)).toEqual(['Produce', 'Fetch'])
    expect(registry.get(produceKey)).toMatchObject({ minVersion: 3, maxVersion: 13, advertisedMinVersion: 0 })
    await registry.load(produceKey)
    expect([loads, registry.isLoading]).toEqual([1, false])
  })

  test('says which family could not be loaded and why, and tries again when it is asked again', async () => {
    const outcomes = [Promise.reject(new Error('too many open files')), Promise.resolve(groups)]
    const registry = registryOf({ groups: () => outcomes.shift()! })
    const failed = registry.load(heartbeatKey)
    await expect(failed).rejects.toThrow(FamilyLoadError)
    await expect(failed).rejects.toThrow('APIs for groups could not be loaded: too many open files')
    expect(registry.isLoading).toBe(false)
    expect((await registry.load(heartbeatKey))?.name).toBe('Heartbeat')
  })

  test('refuses a family that lacks what is offered under it, or brings what is not', async () => {
    await expect(registryOf({}).load(produceKey)).rejects.toThrow('records lacks the handler of Produce')
    const strange = registryOf({ records: async () => groups })
    await expect(strange.load(produceKey)).rejects.toThrow('OffsetCommitRequest is answered by records')
  })
})

describe('what nobody has asked for', () => {
  test('is loaded a moment after the start, one family after the other', async () => {
    const clock = new ManualClock()
    const complaints: string[] = []
    const steps: string[] = []
    const loaders = {
      records: async () => {
        steps.push('records')
        return records
      },
      groups: () => Promise.reject(new Error('it is gone')),
    }
    const registry = registryOf(loaders, async () => void steps.push('prepared'))
    registry.loadLater(clock, (reason) => complaints.push(reason))
    clock.advance(999)
    await settle()
    expect(steps).toEqual([])
    clock.advance(1)
    await settle()
    expect(steps).toEqual(['prepared'])
    clock.advance(20)
    await settle()
    expect(steps).toEqual(['prepared', 'prepared', 'records'])
    expect(registry.get(produceKey)?.name).toBe('Produce')
    expect(complaints).toEqual([])
    clock.advance(20)
    await settle()
    expect(complaints).toEqual(['What answers the APIs for groups could not be loaded: it is gone'])
  })

  test('is not loaded once that is cancelled, between two families as well', async () => {
    const clock = new ManualClock()
    const loaded: string[] = []
    const loader = (family: string) => async () => {
      loaded.push(family)
      return []
    }
    const registry = registryOf({ records: loader('records'), groups: loader('groups') })
    const loading = registry.loadLater(clock, () => {})
    clock.advance(1000)
    await settle()
    clock.advance(20)
    loading.cancel()
    await settle()
    clock.advance(1000)
    await settle()
    expect(loaded).toEqual(['records'])
    registry.loadLater(clock, () => {}).cancel()
    clock.advance(2000)
    await settle()
    expect(loaded).toEqual(['records'])
  })

  test('is no fault when it ends with its node', async () => {
    const clock = new ManualClock()
    const complaints: string[] = []
    const registry = registryOf({}, () => Promise.reject(new Error('the node is closing')))
    const loading = registry.loadLater(clock, (reason) => complaints.push(reason))
    clock.advance(1000)
    loading.cancel()
    await settle()
    expect(complaints).toEqual([])
  })
})
