import type { ReactNode } from 'react'
import type { Broker } from '../../lib/contract/brokers.ts'
import { formatCount, formatRate } from '../format/count.ts'
import { Panel } from '../ui/panel.tsx'
import { Empty } from '../ui/states.tsx'
import { Table, Td, Th, Tr } from '../ui/table.tsx'

function latency(ms: number | undefined): string {
  if (ms === undefined) return '–'
  return ms < 10 ? ms.toFixed(2) : ms.toFixed(0)
}

/** Requests by API: how many, how often, how long. */
export function RequestsTab({ broker }: { broker: Broker }): ReactNode {
  if (broker.requests === null)
    return <Empty title="Not told">Kafka’s protocol has no request for a broker’s own request figures.</Empty>
  const used = broker.requests.filter((api) => api.requests > 0)
  if (used.length === 0) return <Empty title="No request yet" />
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
            <Th numeric>Error codes</Th>
            <Th numeric>p50 ms</Th>
            <Th numeric>p99 ms</Th>
            <Th numeric>Max ms</Th>
          </tr>
        </thead>
        <tbody>
          {used.map((api) => (
            <Tr key={api.apiKey}>
              <Td className="font-medium">{api.api}</Td>
              <Td numeric className="text-faint max-md:hidden">
                {api.apiKey}
              </Td>
              <Td numeric>{formatCount(api.requests)}</Td>
              <Td numeric className={api.requestsPerSecond > 0 ? '' : 'text-faint'}>
                {formatRate(api.requestsPerSecond)}/s
              </Td>
              <Td numeric className={api.errors > 0 ? '' : 'text-faint'}>
                {formatCount(api.errors)}
              </Td>
              <Td numeric>{latency(api.latencyMs?.p50)}</Td>
              <Td numeric>{latency(api.latencyMs?.p99)}</Td>
              <Td numeric>{latency(api.latencyMs?.max)}</Td>
            </Tr>
          ))}
        </tbody>
      </Table>
      <p className="border-t border-line px-4 py-2 text-xs text-faint">
        Error codes: answers that carried one. Some are ordinary steps, such as MEMBER_ID_REQUIRED when a
        member first joins or REBALANCE_IN_PROGRESS. Latency of the last one to two minutes; a fetch’s holds
        its wait for records.
      </p>
    </Panel>
  )
}
