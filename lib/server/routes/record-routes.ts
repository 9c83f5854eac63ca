import type { recordEndpoints } from '../../contract/records.ts'
import type { Handlers } from '../http/router.ts'
import { browse } from '../records/browse.ts'
import { exportRecords } from '../records/export.ts'
import { checkFilter } from '../records/filter.ts'
import { readOne, readWhole } from '../records/one-record.ts'
import { produce } from '../records/produce.ts'
import { explainVisibility } from '../records/visibility.ts'

export const recordRoutes: Handlers<keyof typeof recordEndpoints> = {
  'GET /api/clusters/{cluster}/topics/{topic}/records': ({ clusters }, { params, query }) =>
    browse(clusters.get(params.cluster).client, params.topic, query),
  'GET /api/clusters/{cluster}/topics/{topic}/partitions/{partition}/records/{offset}': (
    { clusters },
    { params, query },
  ) => {
    const { client } = clusters.get(params.cluster)
    return readWhole(client, params.topic, Number(params.partition), Number(params.offset), query)
  },
  'GET /api/clusters/{cluster}/topics/{topic}/partitions/{partition}/records/{offset}/value': async (
    { clusters },
    { params, query },
  ) => {
    const { client } = clusters.get(params.cluster)
    const record = await readOne(client, params.topic, Number(params.partition), Number(params.offset))
    const bytes = (query.part === 'key' ? record.key : record.value) ?? Buffer.alloc(0)
    return {
      contentType: 'application/octet-stream',
      fileName: `${params.topic}-${params.partition}-${params.offset}.${query.part}`,
      chunks: only(bytes),
    }
  },
  'GET /api/clusters/{cluster}/topics/{topic}/partitions/{partition}/records/{offset}/visibility': (
    { clusters },
    { params, query },
  ) => {
    const { client, state } = clusters.get(params.cluster)
    const { topic, partition, offset } = params
    const question = { topic, partition: Number(partition), offset: Number(offset), group: query.group }
    return explainVisibility(client, state, { ...question, isolation: query.isolation })
  },
  'POST /api/clusters/{cluster}/topics/{topic}/records': ({ clusters }, { params, body }) =>
    produce(clusters.get(params.cluster).client, params.topic, body),
  'POST /api/filters/check': (_, { body }) => checkFilter(body.filter),
  'GET /api/clusters/{cluster}/topics/{topic}/export': ({ clusters }, { params, query, signal }) =>
    exportRecords(clusters.get(params.cluster).client, params.topic, query, signal),
}

async function* only(bytes: Buffer): AsyncGenerator<Buffer> {
  yield bytes
}
