const noDirectory = 'AAAAAAAAAAAAAAAAAAAAAA'

/** What is wrong with the cluster id of a request to the quorum; a client that does not know it sends null. */
export function clusterIdFault(given: string | null, clusterId: string): string | undefined {
  if (given === null || given === clusterId) return undefined
  return `The given id "${given}" doesn't match the cluster id "${clusterId}"`
}

/** A voter is a node and one directory of it (KIP-853). */
export function isVoter(voterId: number, voterDirectoryId: string): boolean {
  return voterId >= 0 && voterDirectoryId !== noDirectory
}
