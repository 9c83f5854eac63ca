import type { sampleEndpoints } from '../../contract/sample.ts'
import type { Handlers } from '../http/router.ts'

export const sampleRoutes: Handlers<keyof typeof sampleEndpoints> = {
  'GET /api/clusters/{cluster}/sample': ({ clusters }, { params }) =>
    clusters.get(params.cluster).sample.status(),
  'POST /api/clusters/{cluster}/sample': ({ clusters }, { params, body }) =>
    clusters.get(params.cluster).sample.start(body),
  'DELETE /api/clusters/{cluster}/sample': ({ clusters }, { params }) =>
    clusters.get(params.cluster).sample.stop(),
}
