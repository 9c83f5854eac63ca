/* DescribeCluster v0-2. */
import { errorCode } from '../protocol/error-codes.ts'
import type {
  describeClusterRequest,
  describeClusterResponse,
} from '../protocol/schemas/60-describe-cluster.ts'
import { clusterOperations, notAsked } from './authorized-operations.ts'
import type { Handler } from './handler.ts'

const brokerEndpoints = 1
const controllerEndpoints = 2

export const describeCluster: Handler<typeof describeClusterRequest, typeof describeClusterResponse> = (
  { node, connection },
  request,
) => {
  const { clusterId } = node.image
  if (request.endpointType !== brokerEndpoints) {
    const isController = request.endpointType === controllerEndpoints
    const errorMessage = isController
      ? 'This is an endpoint of a broker, controllers have none here.'
      : `Unsupported endpoint type ${request.endpointType}`
    return {
      throttleTimeMs: 0,
      errorCode: isController ? errorCode.mismatchedEndpointType : errorCode.unsupportedEndpointType,
      errorMessage,
      clusterId,
      brokers: [],
    }
  }
  return {
    throttleTimeMs: 0,
    errorCode: errorCode.none,
    clusterId,
    controllerId: node.controller.nodeId,
    brokers: node.image.brokers().map((broker) => ({
      brokerId: broker.nodeId,
      rack: broker.rack,
      ...connection.advertised(broker),
    })),
    clusterAuthorizedOperations: request.includeClusterAuthorizedOperations ? clusterOperations : notAsked,
  }
}
