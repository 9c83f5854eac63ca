import { z } from 'zod'
import { endpointTable } from './endpoint.ts'

export const sampleStatus = z
  .object({
    running: z.boolean(),
    topic: z.string(),
    groups: z.array(z.object({ groupId: z.string(), behaviour: z.string() })),
    /** Records a second asked for. */
    recordsPerSecond: z.number(),
    recordsProduced: z.number(),
    recordsInDataSet: z.number(),
    startedAt: z.number().nullable(),
    problem: z.string().nullable(),
  })
  .meta({ id: 'SampleStatus' })
export type SampleStatus = z.infer<typeof sampleStatus>

export const startSampleBody = z
  .object({
    recordsPerSecond: z.number().min(1).max(10_000).default(50),
    partitions: z.int().min(1).max(64).default(6),
  })
  .meta({ id: 'StartSample' })

export const sampleEndpoints = endpointTable({
  'GET /api/clusters/{cluster}/sample': {
    tag: 'Sample stream',
    summary: 'Whether the flights are being replayed',
    response: sampleStatus,
  },
  'POST /api/clusters/{cluster}/sample': {
    tag: 'Sample stream',
    summary: 'Replay real flights keyed by origin airport, with two consumer groups; again: change the speed',
    body: startSampleBody,
    response: sampleStatus,
  },
  'DELETE /api/clusters/{cluster}/sample': {
    tag: 'Sample stream',
    summary: 'Stop the producer and both groups; the topic stays',
    response: sampleStatus,
  },
})
