import type { ConnectionDescription } from '../../../broker/host.ts'
import type { ClientRow } from '../../contract/clients.ts'
import { dashboardClientId } from '../kafka/kafka-client.ts'
import type { LiveState } from './live-state.ts'

/** Connections of the embedded broker; elsewhere, what groups tell of their members. */
export function clientRows(state: LiveState): ClientRow[] {
  if (state.precision === 'exact') {
    const groups = groupsByClient(state)
    return [...state.connections.values()].map((connection) => connectionRow(connection, groups))
  }
  return [...state.groups.values()].flatMap((group) =>
    group.members.map((member) => ({
      id: member.memberId,
      clientId: member.clientId,
      softwareName: null,
      softwareVersion: null,
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

export function groupsByClient(state: LiveState): Map<string, string[]> {
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

export function connectionRow(connection: ConnectionDescription, groups: Map<string, string[]>): ClientRow {
  const clientId = connection.clientId ?? ''
  return {
    id: String(connection.id),
    clientId,
    softwareName: connection.softwareName,
    softwareVersion: connection.softwareVersion,
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
    groups: groups.get(`${clientId} ${connection.remoteHost}`) ?? [],
    own: clientId === dashboardClientId,
  }
}
