import { errorCode } from '../protocol/error-codes.ts'
import type { addRaftVoterRequest, addRaftVoterResponse } from '../protocol/schemas/80-add-raft-voter.ts'
import type { Handler } from './handler.ts'
import { clusterIdFault, isQuorumStatic, isVoter, refused, votersText, voterText } from './raft-voter.ts'

const controllerListener = 'CONTROLLER'

/**
 * AddRaftVoter v0–1 (KIP-853), checked as Kafka does it. Nodes do not talk to each other here, so another one is never
 * reached, which Kafka answers with a timeout.
 */
export const addRaftVoter: Handler<typeof addRaftVoterRequest, typeof addRaftVoterResponse> = (
  { node },
  { clusterId, voterId, voterDirectoryId, listeners },
) => {
  const fault = clusterIdFault(clusterId, node.image.clusterId)
  if (fault) return refused(errorCode.inconsistentClusterId, fault)
  if (!isVoter(voterId, voterDirectoryId)) {
    return refused(errorCode.invalidRequest, "Add voter request didn't include a valid voter")
  }
  if (!listeners.some(({ name }) => name === controllerListener)) {
    const endpoints = listeners.map(
      ({ name, host, port }) => `ListenerName(${name})=${host}/<unresolved>:${port}`,
    )
    return refused(
      errorCode.invalidRequest,
      `Add voter request didn't include the endpoint (Endpoints(endpoints={${endpoints.join(', ')}})) for the default listener ListenerName(${controllerListener})`,
    )
  }
  if (isQuorumStatic(node)) {
    return refused(
      errorCode.unsupportedVersion,
      "Cluster doesn't support adding voter because the kraft.version feature is 0",
    )
  }
  if (voterId === node.nodeId) {
    return refused(
      errorCode.duplicateVoter,
      `The voter id for ${voterText(voterId, voterDirectoryId)} is already part of the set of voters ${votersText(node)}.`,
    )
  }
  return refused(
    errorCode.requestTimedOut,
    'The voter cannot be reached: nodes do not talk to each other here',
  )
}
