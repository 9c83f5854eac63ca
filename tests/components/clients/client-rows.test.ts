import { expect, test } from 'vitest'
import { clientRows } from '../../../components/clients/client-rows.ts'
import type { ClientRow } from '../../../lib/contract/clients.ts'

/** A row with only the fields that filter and order look at. */
function client(id: string, rest: Partial<ClientRow>): ClientRow {
  return {
    id,
    clientId: id,
    softwareName: null,
    softwareVersion: null,
    address: '',
    groups: [],
    own: false,
    ...rest,
  } as ClientRow
}

const byRate = { column: 'rate', descending: true }

test('clients by words in any order and case, without the own ones', () => {
  const clients = [
    client('feed', { softwareName: 'librdkafka', softwareVersion: '2.8.0', requestsPerSecond: 1 }),
    client('board', { softwareName: 'librdkafka', groups: ['Board'], requestsPerSecond: 5 }),
    client('page', { softwareName: 'librdkafka', own: true }),
  ]
  expect(clientRows(clients, 'RDKAFKA', false, byRate).map((row) => row.id)).toEqual(['board', 'feed'])
  expect(clientRows(clients, '2.8 feed', false, byRate).map((row) => row.id)).toEqual(['feed'])
  expect(clientRows(clients, '', true, byRate)).toHaveLength(3)
})
