import type { RequestContext } from '../../request-context.ts'
import { memberEpoch } from './consumer-group.ts'
import { type ConsumerHeartbeat, type Failure, failure } from './heartbeat.ts'
import { regexFailure } from './regexes.ts'

/** From this version on clients make their member ids themselves (KIP-1082). */
const firstVersionWithOwnMemberId = 1

/** What is wrong with a heartbeat as such, whatever its group; undefined when nothing is. */
export function heartbeatRequestFailure(
  request: ConsumerHeartbeat,
  context: RequestContext,
  assignors: readonly string[],
): Failure | undefined {
  const { memberEpoch: epoch, subscribedTopicRegex: regex } = request
  const isKnown = epoch > 0 || epoch === memberEpoch.leave
  if ((context.apiVersion >= firstVersionWithOwnMemberId || isKnown) && request.memberId.trim() === '') {
    return failure('invalidRequest', 'MemberId can not be empty.')
  }
  for (const field of ['groupId', 'instanceId', 'rackId'] as const) {
    const name = `${field[0]!.toUpperCase()}${field.slice(1)}`
    if (request[field]?.trim() === '') return failure('invalidRequest', `${name} can not be empty.`)
  }
  if (epoch === memberEpoch.join) {
    const joinFailure = joinRequestFailure(request)
    if (joinFailure) return joinFailure
  } else if (epoch === memberEpoch.leaveStatic && request.instanceId === null) {
    return failure('invalidRequest', 'InstanceId can not be null.')
  } else if (epoch < memberEpoch.leaveStatic) {
    return failure('invalidRequest', 'MemberEpoch is invalid.')
  }
  if (request.serverAssignor !== null && !assignors.includes(request.serverAssignor)) {
    const supported = assignors.join(', ')
    return failure(
      'unsupportedAssignor',
      `ServerAssignor ${request.serverAssignor} is not supported. Supported assignors: ${supported}.`,
    )
  }
  const wrongRegex = regex ? regexFailure(regex) : undefined
  return wrongRegex === undefined ? undefined : failure('invalidRegularExpression', wrongRegex)
}

function joinRequestFailure(request: ConsumerHeartbeat): Failure | undefined {
  if (request.rebalanceTimeoutMs === -1) {
    return failure('invalidRequest', 'RebalanceTimeoutMs must be provided in first request.')
  }
  if (request.topicPartitions === null || request.topicPartitions.length > 0) {
    return failure('invalidRequest', 'TopicPartitions must be empty when (re-)joining.')
  }
  if (request.subscribedTopicNames === null && request.subscribedTopicRegex === null) {
    return failure(
      'invalidRequest',
      'Either SubscribedTopicNames or SubscribedTopicRegex must be non-null when (re-)joining.',
    )
  }
  return undefined
}
