import { errorCode } from '../protocol/error-codes.ts'
import type { addRaftVoterRequest, addRaftVoterResponse } from '../protocol/schemas/80-add-raft-voter.ts'
import type { Handler } from './handler.ts'
import { clusterIdFault, isVoter } from './raft-voter.ts'

const controllerListener = 'CONTROLLER'

/** AddRaftVoter v0–1 (KIP-853). The quorum is static (kraft.version 0): checked and refused as Kafka does it. */
export const addRaftVoter: Handler<typeof addRaftVoterRequest, typeof addRaftVoterResponse> = (
  { node },
  { clusterId, voterId, voterDirectoryId, listeners },
) => {
  const refused = (code: number, errorMessage: string) => ({
    throttleTimeMs: 0,
    errorCode: code,
    errorMessage,
  })
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
  return refused(
    errorCode.unsupportedVersion,
    "Cluster doesn't support adding voter because the kraft.version feature is 0",
  )
}
