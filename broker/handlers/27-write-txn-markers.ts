/* WriteTxnMarkers v1-2: a coordinator, or an administrator who aborts a hanging transaction, ends it on partitions. */
import { errorCode } from '../protocol/error-codes.ts'
import type { Decoded } from '../protocol/fields.ts'
import type {
  writeTxnMarkersRequest,
  writeTxnMarkersResponse,
} from '../protocol/schemas/27-write-txn-markers.ts'
import type { Handler } from './handler.ts'
import { writeMarker } from './transaction-marker.ts'

export const writeTxnMarkers: Handler<typeof writeTxnMarkersRequest, typeof writeTxnMarkersResponse> = (
  { node, coordinator },
  request,
) => ({
  markers: request.markers.filter(hasPartitions).map(({ transactionResult, topics, ...marker }) => ({
    producerId: marker.producerId,
    topics: topics.map(({ name, partitionIndexes }) => ({
      name,
      partitions: partitionIndexes.map((partitionIndex) => ({
        partitionIndex,
        errorCode: hasNoProducer(marker)
          ? errorCode.unknownServerError
          : writeMarker(node, coordinator, { ...marker, committed: transactionResult }, name, partitionIndex),
      })),
    })),
  })),
})

function hasPartitions({ topics }: Decoded<typeof writeTxnMarkersRequest>['markers'][number]): boolean {
  return topics.some(({ partitionIndexes }) => partitionIndexes.length > 0)
}

/** Kafka fails inside over a marker of nobody. */
function hasNoProducer({
  producerId,
  producerEpoch,
}: {
  producerId: number
  producerEpoch: number
}): boolean {
  return producerId === -1 || producerEpoch === -1
}
