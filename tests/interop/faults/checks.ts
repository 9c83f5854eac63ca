import { expect } from 'vitest'
import type { Load } from './load.ts'
import type { StoredLog } from './stored-log.ts'

/*
 * What must hold after any fault. The programs' values start with `NAME NUMBER`, or `NAME TRANSACTION NUMBER`, so that
 * a log says by itself what is missing, twice or in the wrong place.
 */

/** Each record of an idempotent producer once, in its order, where the broker said that it is. */
export function expectProduced(load: Load, logs: readonly StoredLog[]): void {
  const acked = load.of('acked')
  const numbers = logs.map((log) => log.records.map(({ value }) => Number(value.split(' ')[1])))
  for (const [partition, there] of numbers.entries()) {
    const wanted = Array.from(there, (_, index) => partition + index * logs.length)
    expectSame(there, wanted, `${load.name}, the records of partition ${partition} in order`)
  }
  for (const [, index, partition, offset] of acked) {
    const record = logs[Number(partition)]!.records[Number(offset)]
    expect(record?.value.split(' ')[1], `${load.name}, record ${index} at ${partition}/${offset}`).toBe(index)
  }
  // It ended orderly, so all was acknowledged that it sent.
  expect(
    numbers.reduce((sum, there) => sum + there.length, 0),
    load.name,
  ).toBe(acked.length)
}

/** Transactions as a whole or not at all, in their order: what was committed, nothing that was aborted. */
export function expectTransactions(load: Load, logs: readonly StoredLog[]): void {
  const seen = new Map<number, number>()
  for (const log of logs) {
    let last = -1
    expect(log.records.filter(({ outcome }) => outcome === 'open')).toEqual([])
    for (const { value } of visible(log)) {
      const [, transaction, number] = value.split(' ').map(Number)
      const place = transaction! * 10 + number!
      expect(place, `${load.name}, ${value} after ${last}`).toBeGreaterThan(last)
      last = place
      seen.set(transaction!, (seen.get(transaction!) ?? 0) + 1)
    }
  }
  for (const event of load.events) {
    const count = seen.get(Number(event[1])) ?? 0
    if (event[0] === 'committed') expect(count, `${load.name}, ${event.join(' ')}`).toBe(10)
    if (event[0] === 'aborted') expect(count, `${load.name}, ${event.join(' ')}`).toBe(0)
    if (event[0] === 'unknown') expect([0, 10], `${load.name}, ${event.join(' ')}`).toContain(count)
  }
}

/** As toEqual, but shows only where the first difference is. */
function expectSame<Item>(there: readonly Item[], wanted: readonly Item[], what: string): void {
  const length = Math.max(there.length, wanted.length)
  const first = Array.from({ length }).findIndex((_, index) => there[index] !== wanted[index])
  if (first < 0) return
  expect(there.slice(first, first + 5), `${what}, from ${first} of ${wanted.length}`).toEqual(
    wanted.slice(first, first + 5),
  )
}

export function visible(log: StoredLog) {
  return log.records.filter(({ outcome }) => outcome === 'committed')
}

/** Each committed record of the input is once, and in its order, among the committed ones of the output. */
export function expectTransformed(name: string, from: readonly StoredLog[], to: readonly StoredLog[]): void {
  for (const [partition, log] of from.entries()) {
    const values = (of: StoredLog) => visible(of).map(({ value }) => value)
    expectSame(values(to[partition]!), values(log), `${name}, partition ${partition}`)
  }
}
