import { errorCode } from '../protocol/error-codes.ts'
import type {
  removeRaftVoterRequest,
  removeRaftVoterResponse,
} from '../protocol/schemas/81-remove-raft-voter.ts'
import type { Handler } from './handler.ts'
import { clusterIdFault, isQuorumStatic, isVoter, refused, votersText, voterText } from './raft-voter.ts'

/** RemoveRaftVoter v0 (KIP-853). The last voter cannot be removed, and there is no other: refused as by Kafka. */
export const removeRaftVoter: Handler<typeof removeRaftVoterRequest, typeof removeRaftVoterResponse> = (
  { node },
  { clusterId, voterId, voterDirectoryId },
) => {
  const fault = clusterIdFault(clusterId, node.image.clusterId)
  if (fault) return refused(errorCode.inconsistentClusterId, fault)
  if (!isVoter(voterId, voterDirectoryId)) {
    return refused(errorCode.invalidRequest, "Remove voter request didn't include a valid voter")
  }
  if (isQuorumStatic(node)) {
    return refused(
      errorCode.unsupportedVersion,
      "Cluster doesn't support removing voter because the kraft.version feature is 0",
    )
  }
  return refused(
    errorCode.voterNotFound,
    `Cannot remove voter ${voterText(voterId, voterDirectoryId)} from the set of voters ${votersText(node)}`,
  )
}
