import { endpoints } from '../../contract/endpoints.ts'
import { connectSnippets } from '../connect-snippets.ts'
import { openApiDocument } from '../http/openapi.ts'
import type { Handlers } from '../http/router.ts'
import { overviewHistoryView, overviewView } from '../live/cluster-views.ts'
import { version } from '../version.ts'

type Keys =
  | 'GET /api/openapi.json'
  | 'GET /api/health'
  | 'GET /api/clusters'
  | 'GET /api/clusters/{cluster}'
  | 'GET /api/clusters/{cluster}/overview'
  | 'GET /api/clusters/{cluster}/snippets'

let document: Record<string, unknown> | undefined

export const clusterRoutes: Handlers<Keys> = {
  'GET /api/openapi.json': () => {
    document ??= openApiDocument()
    return endpoints['GET /api/openapi.json'].response.parse(document)
  },
  'GET /api/health': ({ now, startedAtMs }) => ({ version, uptimeMs: now() - startedAtMs }),
  'GET /api/clusters': async ({ clusters }) => ({
    clusters: await Promise.all(clusters.all().map((cluster) => cluster.describe())),
  }),
  'GET /api/clusters/{cluster}': ({ clusters }, { params }) => clusters.get(params.cluster).describe(),
  'GET /api/clusters/{cluster}/overview': ({ clusters }, { params }) => {
    const { state } = clusters.get(params.cluster)
    return { overview: overviewView(state), history: overviewHistoryView(state) }
  },
  'GET /api/clusters/{cluster}/snippets': ({ clusters }, { params, query }) => {
    const { client } = clusters.get(params.cluster)
    const address = client.bootstrap.map(({ host, port }) => `${host}:${port}`).join(',')
    return { snippets: connectSnippets(address, query.topic ?? 'my-topic') }
  },
}
