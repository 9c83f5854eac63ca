/*
 * FindCoordinator v0-6. Groups and transactional ids; share groups are answered with INVALID_REQUEST until there
 * is a coordinator for them. The coordinators' topics are made at the first need.
 */
import { offsetsTopic, transactionsTopic } from '../cluster/internal-topics.ts'
import { errorCode, errorOf } from '../protocol/error-codes.ts'
import type { Encodable } from '../protocol/fields.ts'
import type {
  findCoordinatorRequest,
  findCoordinatorResponse,
} from '../protocol/schemas/10-find-coordinator.ts'
import type { Handler, HandlerContext } from './handler.ts'

type Found = NonNullable<Encodable<typeof findCoordinatorResponse>['coordinators']>[number]

const firstVersionWithKeys = 4
const groupKeyType = 0
const transactionKeyType = 1

export const findCoordinator: Handler<typeof findCoordinatorRequest, typeof findCoordinatorResponse> = (
  context,
  request,
) => {
  if (context.apiVersion >= firstVersionWithKeys) {
    const coordinators = request.coordinatorKeys.map((key) => find(context, request.keyType, key))
    return { throttleTimeMs: 0, coordinators }
  }
  const { key: _key, ...found } = find(context, request.keyType, request.key)
  // Java's clients before v4 expect the word, not null, where nothing is wrong.
  return { throttleTimeMs: 0, ...found, errorMessage: found.errorMessage || 'NONE' }
}

function find(context: HandlerContext, keyType: number, key: string): Found {
  const { node, connection } = context
  if (keyType !== groupKeyType && keyType !== transactionKeyType) return failed(key, errorCode.invalidRequest)
  const topic = keyType === groupKeyType ? offsetsTopic : transactionsTopic
  if (!node.image.topic(topic)) {
    const code = node.createTopicByName(topic).errorCode
    if (code !== errorCode.none && !node.image.topic(topic)) {
      return failed(key, errorCode.coordinatorNotAvailable)
    }
  }
  const keeper = keyType === groupKeyType ? context.coordinator : context.transactions
  const partition = node.image.topic(topic)?.partitions[keeper.partitionFor(key)]
  const broker = node.image.brokers().find(({ nodeId }) => nodeId === partition?.leader)
  if (!broker) return failed(key, errorCode.coordinatorNotAvailable)
  const { host, port } = connection.advertised(broker)
  return { key, nodeId: broker.nodeId, host, port, errorCode: errorCode.none, errorMessage: '' }
}

function failed(key: string, code: number): Found {
  return { key, nodeId: -1, host: '', port: -1, errorCode: code, errorMessage: errorOf(code).message }
}
