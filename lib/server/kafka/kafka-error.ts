import { protocolErrorsCodesById, ResponseError } from '@platformatic/kafka'

const sentences: Record<string, string> = {
  UNKNOWN_TOPIC_OR_PARTITION: 'The topic or partition does not exist.',
  TOPIC_ALREADY_EXISTS: 'A topic of that name exists already.',
  INVALID_TOPIC_EXCEPTION: 'The topic name is not valid, or the topic is internal.',
  INVALID_PARTITIONS: 'The number of partitions is not valid; partitions can only be added.',
  INVALID_REPLICATION_FACTOR: 'The replication factor is larger than the number of brokers, or below 1.',
  INVALID_CONFIG: 'A config has no such name or an invalid value.',
  INVALID_REQUEST: 'The broker finds the request invalid.',
  POLICY_VIOLATION: "The request is against the cluster's policy.",
  OFFSET_OUT_OF_RANGE: 'The offset is below the log start or above the end of the log.',
  NON_EMPTY_GROUP: 'The group still has members: stop its consumers first.',
  GROUP_ID_NOT_FOUND: 'There is no group of that id.',
  GROUP_SUBSCRIBED_TO_TOPIC: 'The group is subscribed to that topic: stop its consumers first.',
  UNKNOWN_MEMBER_ID: 'The group has active members, so its offsets cannot be set from outside.',
  MESSAGE_TOO_LARGE: 'A record is larger than max.message.bytes of the topic.',
  RECORD_LIST_TOO_LARGE: 'The records of one request are larger than the broker takes.',
  INVALID_RECORD: 'The broker refuses a record; a compacted topic takes none without a key.',
  TOPIC_AUTHORIZATION_FAILED: 'The dashboard is not authorized for that topic.',
  GROUP_AUTHORIZATION_FAILED: 'The dashboard is not authorized for that group.',
  CLUSTER_AUTHORIZATION_FAILED: 'The dashboard is not authorized for that action on the cluster.',
  NOT_ENOUGH_REPLICAS: 'Fewer replicas are in sync than min.insync.replicas asks for.',
  KAFKA_STORAGE_ERROR: "The broker's disk has a problem; that partition is offline.",
  COORDINATOR_NOT_AVAILABLE: 'The coordinator of the group is not available.',
  LEADER_NOT_AVAILABLE: 'The partition has no leader at the moment.',
}

const retriable = new Set([
  'LEADER_NOT_AVAILABLE',
  'NOT_LEADER_OR_FOLLOWER',
  'REQUEST_TIMED_OUT',
  'COORDINATOR_LOAD_IN_PROGRESS',
  'COORDINATOR_NOT_AVAILABLE',
  'NOT_COORDINATOR',
  'NOT_CONTROLLER',
  'NOT_ENOUGH_REPLICAS',
  'UNSTABLE_OFFSET_COMMIT',
  'UNREACHABLE',
])

/** An error that a broker answered, or that kept us from reaching one (code `UNREACHABLE`). */
export class KafkaError extends Error {
  readonly code: string
  readonly retriable: boolean

  constructor(code: string, message?: string | null, options?: ErrorOptions) {
    super(message || sentences[code] || `The broker answered ${code}.`, options)
    this.name = 'KafkaError'
    this.code = code
    this.retriable = retriable.has(code)
  }
}

/** Kafka's name of an error code; `UNKNOWN_SERVER_ERROR` for −1 and for those we do not know. */
export function errorName(code: number): string {
  return (protocolErrorsCodesById as Record<number, string>)[code] ?? 'UNKNOWN_SERVER_ERROR'
}

/** A sentence for an error code; null for none. */
export function errorText(code: number): string | null {
  return code === 0 ? null : new KafkaError(errorName(code)).message
}

/** Throws when `code` is not 0. */
export function check(code: number, message?: string | null): void {
  if (code !== 0) throw new KafkaError(errorName(code), message)
}

/**
 * The response even where it carries error codes: the package throws for any of them, but for most calls
 * some partitions may fail while others succeed, so each verb looks for itself.
 */
export async function withErrorCodes<Response>(answer: Promise<Response>): Promise<Response> {
  try {
    return await answer
  } catch (error) {
    if (error instanceof ResponseError) return responseOf<Response>(error)
    throw unreachable(error)
  }
}

/** The package keeps the parsed response on its error, untyped. */
function responseOf<Response>(error: ResponseError): Response {
  return error.response as Response
}

/** What a failed connection or a timeout means to a person. */
export function unreachable(cause: unknown): KafkaError {
  return new KafkaError('UNREACHABLE', `The broker cannot be reached: ${deepestMessage(cause)}`, { cause })
}

/** The package wraps errors in errors; the innermost names the address and what happened there. */
function deepestMessage(error: unknown): string {
  const inner =
    error instanceof AggregateError ? error.errors[0] : error instanceof Error ? error.cause : undefined
  if (inner !== undefined) return deepestMessage(inner)
  return error instanceof Error ? error.message : String(error)
}
