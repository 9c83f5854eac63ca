import { WireClient } from '../../../broker/protocol/client.ts'
import { metadataRequest, metadataResponse } from '../../../broker/protocol/schemas/03-metadata.ts'
import {
  findCoordinatorRequest,
  findCoordinatorResponse,
} from '../../../broker/protocol/schemas/10-find-coordinator.ts'
import {
  describeClusterRequest,
  describeClusterResponse,
} from '../../../broker/protocol/schemas/60-describe-cluster.ts'

type Address = { readonly host: string; readonly port: number }

export type HandedAddresses = {
  readonly metadata: Address
  readonly coordinator: Address
  readonly cluster: Address
  /** The brokers of a second Metadata answer, from a connection to the address that the first one handed out. */
  readonly followed: Address
}

/** Bootstraps as a client does: asks at one address, goes on at the one that it is handed. */
export async function handedAddresses(host: string, port: number): Promise<HandedAddresses> {
  await using client = await WireClient.connect({ host, port, timeoutMs: 5000 })
  const metadata = await brokerOf(client)
  const group = { keyType: 0, coordinatorKeys: ['group'] }
  const { coordinators } = await client.send(findCoordinatorRequest, findCoordinatorResponse, 4, group)
  const { brokers } = await client.send(describeClusterRequest, describeClusterResponse, 0, {
    includeClusterAuthorizedOperations: false,
  })
  await using next = await WireClient.connect({ ...metadata, timeoutMs: 5000 })
  return {
    metadata,
    coordinator: addressOf(coordinators[0]),
    cluster: addressOf(brokers[0]),
    followed: await brokerOf(next),
  }
}

async function brokerOf(client: WireClient): Promise<Address> {
  const { brokers } = await client.send(metadataRequest, metadataResponse, 12, { topics: [] })
  return addressOf(brokers[0])
}

function addressOf(broker: Address | undefined): Address {
  if (!broker) throw new Error('the answer names no broker')
  return { host: broker.host, port: broker.port }
}

if (import.meta.main) {
  const [host, port] = process.argv.slice(2)
  console.log(JSON.stringify(await handedAddresses(host!, Number(port))))
}
