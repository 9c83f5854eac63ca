/** A feature of the cluster that clients can see in ApiVersions (KIP-584). */
export type Feature = { readonly name: string; readonly minVersion: number; readonly maxVersion: number }

/** What this broker can be finalized at. A feature is listed once all of it works here. */
export const supportedFeatures: readonly Feature[] = [
  { name: 'group.version', minVersion: 0, maxVersion: 1 },
  { name: 'metadata.version', minVersion: 7, maxVersion: 30 },
  { name: 'transaction.version', minVersion: 0, maxVersion: 2 },
]

/** The levels at which every cluster of this version is; `group.version` 1 is the consumer protocol, 2 of transactions KIP-890. */
export const finalizedFeatures: ReadonlyMap<string, number> = new Map([
  ['group.version', 1],
  ['metadata.version', 30],
  ['transaction.version', 2],
])
