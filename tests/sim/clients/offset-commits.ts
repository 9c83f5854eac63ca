import {
  offsetCommitRequest,
  offsetCommitResponse,
} from '../../../broker/protocol/schemas/08-offset-commit.ts'
import { NoAnswer } from '../network.ts'
import type { Surroundings } from './client.ts'
import { nameOf } from './committed-reader.ts'

/** Who commits: a member of a generation or epoch. */
export type Committer = { readonly groupId: string; readonly memberId: string; readonly epoch: number }

/** Errors of the group APIs after which a client waits and goes on. */
export const coordinatorErrors: ReadonlySet<string> = new Set([
  'no answer',
  'COORDINATOR_LOAD_IN_PROGRESS',
  'COORDINATOR_NOT_AVAILABLE',
  'NOT_COORDINATOR',
  'KAFKA_STORAGE_ERROR',
])

/** The name of an answer's error, or 'no answer'. */
export async function errorName(request: () => Promise<{ readonly errorCode: number }>): Promise<string> {
  try {
    return nameOf((await request()).errorCode)
  } catch (error) {
    if (!(error instanceof NoAnswer)) throw error
    return 'no answer'
  }
}

/** Commits `offset` for one partition, written down for each time that it reaches the node; the error's name. */
export function commitOffset(
  { network, ledger }: Surroundings,
  { groupId, memberId, epoch }: Committer,
  topic: string,
  partition: number,
  offset: number,
): Promise<string> {
  const position = { partitionIndex: partition, committedOffset: offset, committedMetadata: '' }
  const body = {
    groupId,
    memberId,
    generationIdOrMemberEpoch: epoch,
    topics: [{ name: topic, partitions: [position] }],
  }
  return errorName(async () => {
    const answer = await network.ask(offsetCommitRequest, offsetCommitResponse, 9, body, {
      repeats: 'late',
      observe: (each) => {
        const code = each === 'no answer' ? each : each.topics[0]!.partitions[0]!.errorCode
        ledger.committed(groupId, `${topic}-${partition}`, offset, code)
      },
    })
    return answer.topics[0]!.partitions[0]!
  })
}
