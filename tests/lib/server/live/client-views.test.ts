import { expect, test } from 'vitest'
import type { ConnectionDescription } from '../../../../broker/host.ts'
import { clientRows, isFurther } from '../../../../lib/server/live/client-views.ts'
import { LiveState } from '../../../../lib/server/live/live-state.ts'

let connections = 0

function connection(
  clientId: string,
  software: string | null,
  remoteHost = '10.0.0.1',
): ConnectionDescription {
  connections++
  return {
    id: connections,
    nodeId: 0,
    clientId,
    softwareName: software,
    softwareVersion: software === null ? null : '1.0',
    remoteHost,
    remotePort: 50_000 + connections,
    localHost: '10.0.0.9',
    localPort: 9092,
    principal: 'User:ANONYMOUS',
    connectedAtMs: 0,
    lastRequestAtMs: null,
    requests: 0,
    requestsPerSecond: 0,
    bytesIn: 0,
    bytesOut: 0,
    apis: [],
  }
}

function stateOf(...all: ConnectionDescription[]): LiveState {
  const state = new LiveState('exact', () => 0)
  for (const one of all) state.connections.set(one.id, one)
  return state
}

test('a connection that tells no software has that of its client, and says so', () => {
  const silent = connection('board', null)
  const elsewhere = connection('board', null, '10.0.0.2')
  const state = stateOf(connection('board', 'kafkajs'), silent, elsewhere, connection('feed', null))
  expect(clientRows(state)).toMatchObject([
    { softwareName: 'kafkajs', softwareVersion: '1.0', softwareImplied: false },
    { softwareName: 'kafkajs', softwareVersion: '1.0', softwareImplied: true },
    { softwareName: null, softwareImplied: false },
    { softwareName: null, softwareImplied: false },
  ])
  expect([silent, elsewhere].map((one) => isFurther(state, one))).toEqual([true, false])
})

test('two kinds of software under one client id imply nothing', () => {
  const state = stateOf(
    connection('app', 'kafkajs'),
    connection('app', 'librdkafka'),
    connection('app', null),
  )
  expect(clientRows(state).map((row) => row.softwareName)).toEqual(['kafkajs', 'librdkafka', null])
})
