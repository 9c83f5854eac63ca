import type { ApiFigures, Broker, brokerEndpoints } from '../../contract/brokers.ts'
import type { clientEndpoints } from '../../contract/clients.ts'
import type { ClusterHandle } from '../clusters.ts'
import type { Handlers } from '../http/router.ts'
import { KafkaError } from '../kafka/kafka-error.ts'
import { fetchLogDirs } from '../kafka/log-dirs.ts'
import { clientRows } from '../live/client-views.ts'
import { brokerRows } from '../live/cluster-views.ts'

type Keys = keyof typeof brokerEndpoints | keyof typeof clientEndpoints

export const brokerRoutes: Handlers<Keys> = {
  'GET /api/clusters/{cluster}/brokers': ({ clusters }, { params }) => {
    const { state } = clusters.get(params.cluster)
    return { precision: state.precision, brokers: brokerRows(state) }
  },
  'GET /api/clusters/{cluster}/brokers/{broker}': async ({ clusters }, { params }) => {
    const cluster = clusters.get(params.cluster)
    return {
      precision: cluster.state.precision,
      broker: await describeBroker(cluster, Number(params.broker)),
    }
  },
  'GET /api/clusters/{cluster}/clients': ({ clusters }, { params }) => {
    const { state } = clusters.get(params.cluster)
    return { precision: state.precision, clients: clientRows(state) }
  },
  'GET /api/clusters/{cluster}/clients/{client}': async ({ clusters }, { params }) => {
    const { state, broker } = clusters.get(params.cluster)
    const client = clientRows(state).find(({ id }) => id === params.client)
    if (client === undefined) throw new KafkaError('NOT_FOUND', `There is no client ${params.client}.`)
    const samples = await broker?.channel.ask('describeRequests', { connectionId: Number(params.client) })
    const requests = (samples ?? []).map(({ atMs, clientId: _, ...sample }) => ({ at: atMs, ...sample }))
    return { client, requests }
  },
}

async function describeBroker(cluster: ClusterHandle, brokerId: number): Promise<Broker> {
  const { state, client } = cluster
  const row = brokerRows(state).find((broker) => broker.brokerId === brokerId)
  if (row === undefined) throw new KafkaError('NOT_FOUND', `There is no broker ${brokerId}.`)
  const [dirs, apis, host] = await Promise.all([
    fetchLogDirs(client, [brokerId]),
    client.apis(),
    hostFigures(cluster),
  ])
  return {
    ...row,
    logDirs: dirs.map(({ path, error, totalBytes, usableBytes, partitions }) => ({
      path,
      error,
      totalBytes,
      usableBytes,
      sizeBytes: partitions.reduce((sum, partition) => sum + partition.sizeBytes, 0),
      partitions: partitions.length,
    })),
    requests: host?.requests ?? null,
    apis: apis.map(({ apiKey, name, minVersion, maxVersion }) => ({
      apiKey,
      api: name,
      minVersion,
      maxVersion,
    })),
    process: host?.process ?? null,
  }
}

async function hostFigures({ broker, state }: ClusterHandle) {
  if (broker === undefined) return undefined
  const [node, requests] = await Promise.all([
    broker.channel.ask('describeNode', {}),
    broker.channel.ask('describeApis', {}),
  ])
  const figures: ApiFigures[] = requests.map((api) => ({ ...api, errors: [...api.errors] }))
  const uptimeMs = state.now() - node.startedAtMs
  return { requests: figures, process: { uptimeMs, heapUsedBytes: node.heapUsedBytes, openFiles: null } }
}
