import { errorCode } from '../protocol/error-codes.ts'
import type {
  listPartitionReassignmentsRequest,
  listPartitionReassignmentsResponse,
} from '../protocol/schemas/46-list-partition-reassignments.ts'
import type { Handler } from './handler.ts'

/** v0. Between the replicas of one broker nothing is ever on its way. */
export const listPartitionReassignments: Handler<
  typeof listPartitionReassignmentsRequest,
  typeof listPartitionReassignmentsResponse
> = () => ({ throttleTimeMs: 0, errorCode: errorCode.none, errorMessage: null, topics: [] })
