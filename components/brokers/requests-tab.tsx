import type { ReactNode } from 'react'
import type { ApiFigures, Broker } from '../../lib/contract/brokers.ts'
import { formatCount, formatRate } from '../format/count.ts'
import { Badge } from '../ui/badge.tsx'
import { Panel } from '../ui/panel.tsx'
import { Empty } from '../ui/states.tsx'
import { Table, Td, Th, Tr } from '../ui/table.tsx'
import { errorCount, stepMeaning } from './ordinary-steps.ts'

function latency(ms: number | undefined): string {
  if (ms === undefined) return '–'
  return ms < 10 ? ms.toFixed(2) : ms.toFixed(0)
}

function Figures({ apis }: { apis: readonly ApiFigures[] }): ReactNode {
  return (
    <Panel flush>
      <Table label="Requests by API">
        <thead>
          <tr>
            <Th>API</Th>
            <Th numeric className="max-md:hidden">
              Key
            </Th>
            <Th numeric>Requests</Th>
            <Th numeric>Rate</Th>
            <Th numeric>Errors</Th>
            <Th numeric>p50 ms</Th>
            <Th numeric>p99 ms</Th>
            <Th numeric>Max ms</Th>
          </tr>
        </thead>
        <tbody>
          {apis.map((api) => (
            <FiguresRow key={api.apiKey} api={api} />
          ))}
        </tbody>
      </Table>
      <p className="border-t border-line px-4 py-2 text-xs text-faint">
        Latency of the last one to two minutes. A fetch’s holds its wait for records.
      </p>
    </Panel>
  )
}

function FiguresRow({ api }: { api: ApiFigures }): ReactNode {
  const errors = errorCount(api.errors)
  return (
    <Tr>
      <Td className="font-medium">{api.api}</Td>
      <Td numeric className="text-faint max-md:hidden">
        {api.apiKey}
      </Td>
      <Td numeric>{formatCount(api.requests)}</Td>
      <Td numeric className={api.requestsPerSecond > 0 ? '' : 'text-faint'}>
        {formatRate(api.requestsPerSecond)}/s
      </Td>
      <Td numeric className={errors > 0 ? 'text-loss' : 'text-faint'}>
        {formatCount(errors)}
      </Td>
      <Td numeric>{latency(api.latencyMs?.p50)}</Td>
      <Td numeric>{latency(api.latencyMs?.p99)}</Td>
      <Td numeric>{latency(api.latencyMs?.max)}</Td>
    </Tr>
  )
}

/** Which error codes were answered, and which of them are ordinary steps of the protocol. */
function ErrorCodes({ apis }: { apis: readonly ApiFigures[] }): ReactNode {
  const rows = apis.flatMap(({ api, errors }) => errors.map((one) => ({ api, ...one })))
  if (rows.length === 0) return null
  return (
    <Panel flush title="Error codes in answers">
      <Table label="Error codes in answers">
        <thead>
          <tr>
            <Th>API</Th>
            <Th>Error code</Th>
            <Th numeric>Answers</Th>
            <Th className="max-md:hidden">What it is</Th>
          </tr>
        </thead>
        <tbody>
          {rows.map(({ api, error, count }) => (
            <Tr key={`${api} ${error}`}>
              <Td className="font-medium">{api}</Td>
              <Td>
                <span className="font-mono text-xs break-all">{error}</span>
                <div className="mt-1 md:hidden">
                  <Meaning error={error} />
                </div>
              </Td>
              <Td numeric>{formatCount(count)}</Td>
              <Td className="max-md:hidden">
                <Meaning error={error} />
              </Td>
            </Tr>
          ))}
        </tbody>
      </Table>
    </Panel>
  )
}

function Meaning({ error }: { error: string }): ReactNode {
  const meaning = stepMeaning(error)
  if (meaning === undefined) return <Badge tone="loss">error</Badge>
  return (
    <span className="text-muted">
      <Badge>ordinary step</Badge> {meaning}
    </span>
  )
}

/** Requests by API: how many, how often, how long, and what was answered but success. */
export function RequestsTab({ broker }: { broker: Broker }): ReactNode {
  if (broker.requests === null)
    return <Empty title="Not told">Kafka’s protocol has no request for a broker’s own request figures.</Empty>
  const used = broker.requests.filter((api) => api.requests > 0)
  if (used.length === 0) return <Empty title="No request yet" />
  return (
    <div className="flex flex-col gap-5">
      <Figures apis={used} />
      <ErrorCodes apis={used} />
    </div>
  )
}
