import { adminCases } from './admin-cases.ts'
import type { ApiCase } from './api-case.ts'
import { clusterCases } from './cluster-cases.ts'
import { groupCases } from './group-cases.ts'
import { recordCases } from './record-cases.ts'
import { transactionCases } from './transaction-cases.ts'

/** The table: how each API is asked, by its key. */
export const cases: ReadonlyMap<number, ApiCase> = new Map(
  [...recordCases, ...groupCases, ...adminCases, ...clusterCases, ...transactionCases].map((one) => [
    one.apiKey,
    one,
  ]),
)
