import { z } from 'zod'
import { endpointTable } from './endpoint.ts'
import { precision } from './figures.ts'

export const brokerRow = z
  .object({
    brokerId: z.number(),
    host: z.string(),
    port: z.number(),
    rack: z.string().nullable(),
    controller: z.boolean(),
    online: z.boolean(),
    leaders: z.number(),
    replicas: z.number(),
    sizeBytes: z.number().nullable(),
    /** Without the dashboard's own. */
    connections: z.number().nullable(),
    requestsPerSecond: z.number().nullable(),
    bytesInPerSecond: z.number().nullable(),
    bytesOutPerSecond: z.number().nullable(),
  })
  .meta({ id: 'BrokerRow' })
export type BrokerRow = z.infer<typeof brokerRow>

export const logDir = z
  .object({
    path: z.string(),
    error: z.string().nullable(),
    totalBytes: z.number().nullable(),
    usableBytes: z.number().nullable(),
    sizeBytes: z.number(),
    partitions: z.number(),
  })
  .meta({ id: 'LogDir' })
export type LogDir = z.infer<typeof logDir>

export const apiFigures = z
  .object({
    apiKey: z.number(),
    api: z.string(),
    requests: z.number(),
    requestsPerSecond: z.number(),
    /** Answers that carried an error code, by Kafka's name of it. */
    errors: z.array(z.object({ error: z.string(), count: z.number() })),
    /** Time in the broker from whole frame in to answer out, of the last minutes. */
    latencyMs: z.object({ p50: z.number(), p99: z.number(), max: z.number() }).nullable(),
  })
  .meta({ id: 'ApiFigures' })
export type ApiFigures = z.infer<typeof apiFigures>

export const supportedApi = z.object({
  apiKey: z.number(),
  api: z.string(),
  minVersion: z.number(),
  maxVersion: z.number(),
})

export const broker = brokerRow
  .extend({
    logDirs: z.array(logDir),
    /** Null where the cluster does not tell (external). */
    requests: z.array(apiFigures).nullable(),
    apis: z.array(supportedApi),
    /** Memory and CPU of the broker thread on the embedded cluster. */
    process: z
      .object({
        uptimeMs: z.number(),
        heapUsedBytes: z.number().nullable(),
        openFiles: z.number().nullable(),
      })
      .nullable(),
  })
  .meta({ id: 'Broker' })
export type Broker = z.infer<typeof broker>

export const brokerEndpoints = endpointTable({
  'GET /api/clusters/{cluster}/brokers': {
    tag: 'Brokers',
    summary: 'All brokers',
    response: z.object({ precision, brokers: z.array(brokerRow) }),
  },
  'GET /api/clusters/{cluster}/brokers/{broker}': {
    tag: 'Brokers',
    summary: 'One broker: log dirs, requests by API with latency, APIs',
    response: z.object({ precision, broker }),
  },
})
