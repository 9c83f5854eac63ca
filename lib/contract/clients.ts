import { z } from 'zod'
import { endpointTable } from './endpoint.ts'
import { precision } from './figures.ts'

export const clientRow = z
  .object({
    /** Connection id on the embedded broker; member id elsewhere. */
    id: z.string(),
    clientId: z.string(),
    softwareName: z.string().nullable(),
    softwareVersion: z.string().nullable(),
    /** Not told on this connection, but on another of the same client id and host. */
    softwareImplied: z.boolean(),
    address: z.string(),
    principal: z.string().nullable(),
    connectedAt: z.number().nullable(),
    lastRequestAt: z.number().nullable(),
    requests: z.number().nullable(),
    requestsPerSecond: z.number().nullable(),
    bytesIn: z.number().nullable(),
    bytesOut: z.number().nullable(),
    /** API and version it was seen to use. */
    apis: z.array(
      z.object({ apiKey: z.number(), api: z.string(), version: z.number(), requests: z.number() }),
    ),
    groups: z.array(z.string()),
    /** The dashboard's own connection. */
    own: z.boolean(),
  })
  .meta({ id: 'ClientRow' })
export type ClientRow = z.infer<typeof clientRow>

export const requestSample = z
  .object({
    at: z.number(),
    apiKey: z.number(),
    api: z.string(),
    version: z.number(),
    correlationId: z.number(),
    sizeBytes: z.number(),
    responseBytes: z.number().nullable(),
    latencyMs: z.number().nullable(),
    /** Kafka's error name when the answer carried one. */
    error: z.string().nullable(),
    /** Decoded field by field; buffers as `<n bytes>`, long arrays cut with a last `… n more`. */
    request: z.unknown(),
    response: z.unknown(),
  })
  .meta({ id: 'RequestSample' })
export type RequestSample = z.infer<typeof requestSample>

export const clientEndpoints = endpointTable({
  'GET /api/clusters/{cluster}/clients': {
    tag: 'Clients',
    summary: 'Connections on the embedded broker; members of groups elsewhere (estimate)',
    response: z.object({ precision, clients: z.array(clientRow) }),
  },
  'GET /api/clusters/{cluster}/clients/{client}': {
    tag: 'Clients',
    summary: 'One connection with its last requests decoded, newest first',
    response: z.object({ client: clientRow, requests: z.array(requestSample) }),
  },
})
