import type { ReactNode } from 'react'
import type { Broker } from '../../lib/contract/brokers.ts'
import { Panel } from '../ui/panel.tsx'
import { Table, Td, Th, Tr } from '../ui/table.tsx'

/** The APIs that the broker answers, and in which versions. */
export function ApisTab({ broker }: { broker: Broker }): ReactNode {
  return (
    <Panel flush>
      <Table label="APIs and versions">
        <thead>
          <tr>
            <Th numeric className="w-16">
              Key
            </Th>
            <Th className="w-80 max-md:w-auto">API</Th>
            <Th>Versions</Th>
          </tr>
        </thead>
        <tbody>
          {broker.apis.map((api) => (
            <Tr key={api.apiKey}>
              <Td numeric className="text-faint">
                {api.apiKey}
              </Td>
              <Td className="font-medium">{api.api}</Td>
              <Td className="whitespace-nowrap tabular-nums">
                {api.minVersion === api.maxVersion
                  ? api.maxVersion
                  : `${api.minVersion} to ${api.maxVersion}`}
              </Td>
            </Tr>
          ))}
        </tbody>
      </Table>
    </Panel>
  )
}
