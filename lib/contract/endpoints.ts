import { z } from 'zod'
import { brokerEndpoints } from './brokers.ts'
import { clientEndpoints } from './clients.ts'
import { clusterEndpoints } from './clusters.ts'
import { configEndpoints } from './configs.ts'
import { endpointTable, type InputOf, type OutputOf } from './endpoint.ts'
import { groupEndpoints } from './groups.ts'
import { recordEndpoints } from './records.ts'
import { sampleEndpoints } from './sample.ts'
import { topicEndpoints } from './topics.ts'

const metaEndpoints = endpointTable({
  'GET /api/openapi.json': {
    tag: 'About',
    summary: 'This contract as an OpenAPI 3.1 document',
    response: z.record(z.string(), z.unknown()),
  },
  'GET /api/health': {
    tag: 'About',
    summary: 'Whether the server answers, and its version',
    response: z.object({ version: z.string(), uptimeMs: z.number() }),
  },
})

/** Every REST endpoint; the router, the OpenAPI document and the client's types come from here. */
export const endpoints = {
  ...metaEndpoints,
  ...clusterEndpoints,
  ...topicEndpoints,
  ...configEndpoints,
  ...recordEndpoints,
  ...groupEndpoints,
  ...brokerEndpoints,
  ...clientEndpoints,
  ...sampleEndpoints,
}

export type Endpoints = typeof endpoints
export type EndpointKey = keyof Endpoints
export type Input<K extends EndpointKey> = InputOf<K, Endpoints[K]>
export type Output<K extends EndpointKey> = OutputOf<Endpoints[K]>
