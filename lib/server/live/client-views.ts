import type { ConnectionDescription } from '../../../broker/host.ts'
import type { ClientRow } from '../../contract/clients.ts'
import { dashboardClientId } from '../kafka/kafka-client.ts'
import type { LiveState } from './live-state.ts'

/** Connections of the embedded broker; elsewhere, what groups tell of their members. */
export function clientRows(state: LiveState): ClientRow[] {
  if (state.precision === 'exact') return [...state.connections.values()].map(connectionRowOf(state))
  return [...state.groups.values()].flatMap((group) =>
    group.members.map((member) => ({
      id: member.memberId,
      clientId: member.clientId,
      softwareName: null,
      softwareVersion: null,
      softwareImplied: false,
      address: member.host,
      principal: null,
      connectedAt: null,
      lastRequestAt: null,
      requests: null,
      requestsPerSecond: null,
      bytesIn: null,
      bytesOut: null,
      apis: [],
      groups: [group.groupId],
      own: member.clientId === dashboardClientId,
    })),
  )
}

function groupsByClient(state: LiveState): Map<string, string[]> {
  const groups = new Map<string, string[]>()
  for (const group of state.groups.values()) {
    for (const { clientId, host } of group.members) {
      const key = `${clientId} ${host}`
      const known = groups.get(key) ?? []
      if (!known.includes(group.groupId)) groups.set(key, [...known, group.groupId])
    }
  }
  return groups
}

type Software = { name: string; version: string | null; implied: boolean }

const clientOf = ({ clientId, remoteHost }: ConnectionDescription) => `${clientId} ${remoteHost}`

/**
 * The software at the other end of a connection. Some clients tell it (ApiVersions, KIP-511) on their first connection
 * only; the others are then implied by that one: same client id, same host, and nothing else there that says otherwise.
 */
function softwareOf(state: LiveState): (connection: ConnectionDescription) => Software | null {
  const byClient = new Map<string, Software | 'several'>()
  for (const connection of state.connections.values()) {
    const { softwareName: name, softwareVersion: version } = connection
    if (name === null || connection.clientId === null) continue
    const key = clientOf(connection)
    const known = byClient.get(key)
    if (known === undefined) byClient.set(key, { name, version, implied: true })
    else if (known !== 'several' && (known.name !== name || known.version !== version))
      byClient.set(key, 'several')
  }
  return (connection) => {
    const { softwareName: name, softwareVersion: version } = connection
    if (name !== null) return { name, version, implied: false }
    const known = byClient.get(clientOf(connection))
    return known === undefined || known === 'several' ? null : known
  }
}

/** One more connection of a client that told its software on another: nothing new happened. */
export function isFurther(state: LiveState, connection: ConnectionDescription): boolean {
  if (connection.softwareName !== null) return false
  for (const other of state.connections.values()) {
    if (other.softwareName !== null && clientOf(other) === clientOf(connection)) return true
  }
  return false
}

/** Makes rows of connections, as things stand now. */
export function connectionRowOf(state: LiveState): (connection: ConnectionDescription) => ClientRow {
  const groups = groupsByClient(state)
  const software = softwareOf(state)
  return (connection) => connectionRow(connection, groups, software(connection))
}

function connectionRow(
  connection: ConnectionDescription,
  groups: Map<string, string[]>,
  software: Software | null,
): ClientRow {
  const clientId = connection.clientId ?? ''
  return {
    id: String(connection.id),
    clientId,
    softwareName: software?.name ?? null,
    softwareVersion: software?.version ?? null,
    softwareImplied: software?.implied ?? false,
    address: `${connection.remoteHost}:${connection.remotePort}`,
    principal: connection.principal,
    connectedAt: connection.connectedAtMs,
    lastRequestAt: connection.lastRequestAtMs,
    requests: connection.requests,
    requestsPerSecond: connection.requestsPerSecond,
    bytesIn: connection.bytesIn,
    bytesOut: connection.bytesOut,
    apis: connection.apis.map(({ apiKey, api, version, requests }) => ({ apiKey, api, version, requests })),
    // A group's member is known by its client id and host; two processes that share both share the entry.
    groups: groups.get(clientOf(connection)) ?? [],
    own: clientId === dashboardClientId,
  }
}
