import { produceRequest, produceResponse } from '../../protocol/schemas/00-produce.ts'
import { fetchRequest, fetchResponse } from '../../protocol/schemas/01-fetch.ts'
import { listOffsetsRequest, listOffsetsResponse } from '../../protocol/schemas/02-list-offsets.ts'
import { deleteRecordsRequest, deleteRecordsResponse } from '../../protocol/schemas/21-delete-records.ts'
import { initProducerIdRequest, initProducerIdResponse } from '../../protocol/schemas/22-init-producer-id.ts'
import {
  offsetForLeaderEpochRequest,
  offsetForLeaderEpochResponse,
} from '../../protocol/schemas/23-offset-for-leader-epoch.ts'
import { produce } from '../00-produce.ts'
import { fetch } from '../01-fetch.ts'
import { listOffsets } from '../02-list-offsets.ts'
import { deleteRecords } from '../21-delete-records.ts'
import { initProducerId } from '../22-init-producer-id.ts'
import { offsetForLeaderEpoch } from '../23-offset-for-leader-epoch.ts'
import { type ApiHandler, apiHandler } from '../api.ts'

/** What producers and consumers ask about records. */
export const records: readonly ApiHandler[] = [
  apiHandler(produceRequest, produceResponse, produce),
  apiHandler(fetchRequest, fetchResponse, fetch),
  apiHandler(listOffsetsRequest, listOffsetsResponse, listOffsets),
  apiHandler(deleteRecordsRequest, deleteRecordsResponse, deleteRecords),
  apiHandler(initProducerIdRequest, initProducerIdResponse, initProducerId),
  apiHandler(offsetForLeaderEpochRequest, offsetForLeaderEpochResponse, offsetForLeaderEpoch),
]
