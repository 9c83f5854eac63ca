import { kraftFeature } from '../cluster/features.ts'
import type { BrokerNode } from '../cluster/node.ts'

const noDirectory = 'AAAAAAAAAAAAAAAAAAAAAA'

/** The answer to a change of voters that is not made. */
export function refused(code: number, errorMessage: string) {
  return { throttleTimeMs: 0, errorCode: code, errorMessage }
}

/** What is wrong with the cluster id of a request to the quorum; a client that does not know it sends null. */
export function clusterIdFault(given: string | null, clusterId: string): string | undefined {
  if (given === null || given === clusterId) return undefined
  return `The given id "${given}" doesn't match the cluster id "${clusterId}"`
}

/** A voter is a node and one directory of it (KIP-853). */
export function isVoter(voterId: number, voterDirectoryId: string): boolean {
  return voterId >= 0 && voterDirectoryId !== noDirectory
}

/** Whether voters may come and go at all. */
export function isQuorumStatic({ image }: BrokerNode): boolean {
  return (image.features.get(kraftFeature) ?? 0) === 0
}

/** As Kafka writes a voter down. */
export function voterText(id: number, directoryId: string): string {
  return `ReplicaKey(id=${id}, directoryId=${directoryId})`
}

/** All voters: this node. */
export function votersText({ nodeId, directoryId }: BrokerNode): string {
  return `[${voterText(nodeId, directoryId)}]`
}
