/** A feature of the cluster that clients can see in ApiVersions (KIP-584). */
export type Feature = { readonly name: string; readonly minVersion: number; readonly maxVersion: number }

export const eligibleLeaderReplicasFeature = 'eligible.leader.replicas.version'
export const kraftFeature = 'kraft.version'
const metadataFeature = 'metadata.version'

/**
 * What this broker can be finalized at. A feature is listed once all of it works here: a quorum of one can neither gain
 * nor lose a voter, and eligible leader replicas of one replica are an empty list.
 */
export const supportedFeatures: readonly Feature[] = [
  { name: 'group.version', minVersion: 0, maxVersion: 1 },
  { name: kraftFeature, minVersion: 0, maxVersion: 1 },
  { name: metadataFeature, minVersion: 7, maxVersion: 30 },
  { name: 'transaction.version', minVersion: 0, maxVersion: 2 },
  { name: eligibleLeaderReplicasFeature, minVersion: 0, maxVersion: 1 },
]

/** The levels of a new cluster; `group.version` 1 is the consumer protocol, 2 of transactions KIP-890. */
export const initialFeatures: ReadonlyMap<string, number> = new Map([
  ['group.version', 1],
  ['transaction.version', 2],
  [eligibleLeaderReplicasFeature, 1],
  [metadataFeature, 30],
])

/** The wire's numbers; others are unknown. */
const upgradeType = { upgrade: 1, safeDowngrade: 2, unsafeDowngrade: 3 } as const

export type FeatureUpdate = { readonly level: number; readonly upgradeType: number }

/**
 * What is wrong with one of the updates, the first by name, in the words of Kafka's FeatureControlManager; undefined
 * when all of them may be made. `levels` are the finalized ones.
 */
export function featureUpdatesFault(
  updates: ReadonlyMap<string, FeatureUpdate>,
  levels: ReadonlyMap<string, number>,
  nodeId: number,
): string | undefined {
  for (const [name, update] of [...updates].sort(([a], [b]) => (a < b ? -1 : 1))) {
    const fault = updateFault(name, update, levels.get(name) ?? 0, nodeId)
    if (fault) {
      return `The update failed for all features since the following feature had an error: ${fault}`
    }
  }
  return undefined
}

function updateFault(
  name: string,
  { level, upgradeType: type }: FeatureUpdate,
  current: number,
  nodeId: number,
): string | undefined {
  const invalid = (words: string) => `Invalid update version ${level} for feature ${name}. ${words}`
  if (!Object.values<number>(upgradeType).includes(type)) {
    return invalid('The controller does not support the given upgrade type.')
  }
  if (level < 0) return invalid('A feature version cannot be less than 0.')
  const feature = supportedFeatures.find((each) => each.name === name)
  if (!feature) {
    return invalid(
      level === 0
        ? `Feature ${name} not found.`
        : `Local controller ${nodeId} does not support this feature.`,
    )
  }
  const { minVersion, maxVersion } = feature
  if (level < minVersion || level > maxVersion) {
    return invalid(`Local controller ${nodeId} only supports versions ${minVersion}-${maxVersion}`)
  }
  if (level < current && type === upgradeType.upgrade) {
    return invalid(
      "Can't downgrade the version of this feature without setting the upgrade type to either safe or unsafe downgrade.",
    )
  }
  if (level > current && type !== upgradeType.upgrade) return invalid("Can't downgrade to a newer version.")
  if (name === kraftFeature && level < current) {
    return invalid("Can't downgrade the version of this feature.")
  }
  if (name === metadataFeature && level < current) return metadataDowngradeFault(current, level, type)
  return undefined
}

/** Every version of metadata up to 4.3 has changed its records, and Kafka drops none of them. */
function metadataDowngradeFault(from: number, to: number, type: number): string {
  const why =
    type === upgradeType.unsafeDowngrade
      ? 'Unsafe metadata downgrade is not supported in this version.'
      : 'Refusing to perform the requested downgrade because it might delete metadata information.'
  return `Unsupported metadata.version downgrade from ${from} to ${to}. ${why}`
}
