'use client'

import { parseAsString, useQueryState } from 'nuqs'
import type { ReactNode } from 'react'
import { EndpointView } from '../../components/api/endpoint-view.tsx'
import { endpointsByTag, schemasOf } from '../../components/api/openapi.ts'
import { buttonClass } from '../../components/ui/button.tsx'
import { SearchInput } from '../../components/ui/input.tsx'
import { PageBody, PageHead, Panel } from '../../components/ui/panel.tsx'
import { Empty, Failure, Loading } from '../../components/ui/states.tsx'
import { wordFilter } from '../../components/ui/word-filter.ts'
import { useOpenApi } from '../../lib/queries/clusters.ts'

function Endpoints({ document, filter }: { document: Record<string, unknown>; filter: string }): ReactNode {
  const schemas = schemasOf(document)
  const holds = wordFilter(filter)
  const shown = endpointsByTag(document)
    .map(([tag, endpoints]) => ({
      tag,
      endpoints: endpoints.filter(({ method, path, operation }) =>
        holds(`${method} ${path} ${operation.summary ?? ''}`),
      ),
    }))
    .filter(({ endpoints }) => endpoints.length > 0)
  if (shown.length === 0) return <Empty title={`No endpoint matches “${filter}”`} />
  return shown.map(({ tag, endpoints }) => (
    <Panel key={tag} title={tag} flush>
      {endpoints.map((endpoint) => (
        <EndpointView key={`${endpoint.method} ${endpoint.path}`} endpoint={endpoint} schemas={schemas} />
      ))}
    </Panel>
  ))
}

export function ApiDocsClient(): ReactNode {
  const [filter, setFilter] = useQueryState(
    'filter',
    parseAsString.withDefault('').withOptions({ throttleMs: 300 }),
  )
  const { data, error, refetch } = useOpenApi()
  return (
    <PageBody>
      <PageHead
        title="API"
        meta="Everything on these pages, over HTTP. Live figures come over the WebSocket at /ws."
        actions={
          <a className={buttonClass()} href="/api/openapi.json">
            OpenAPI document
          </a>
        }
      />
      <SearchInput
        label="Filter endpoints"
        value={filter}
        onChange={(text) => void setFilter(text || null)}
        className="w-80 max-md:w-full"
        aria-keyshortcuts="/"
      />
      {data ? (
        <Endpoints document={data} filter={filter} />
      ) : error ? (
        <Failure title="The document could not be read" error={error} onRetry={() => void refetch()} />
      ) : (
        <Loading lines={12} label="Loading the document" />
      )}
    </PageBody>
  )
}
