import { partitionDir } from '../../../broker/log/log-dir.ts'
import { offsetFetchRequest, offsetFetchResponse } from '../../../broker/protocol/schemas/09-offset-fetch.ts'
import { nameOf } from '../clients/committed-reader.ts'
import type { TransactionalProducer } from '../clients/transactional-producer.ts'
import { type Ledger, Violation } from '../ledger.ts'
import type { Network } from '../network.ts'
import { possibleOffsets } from './transaction-rules.ts'

/** Each group is where it committed last, by itself or with a transaction, and nothing pends any more. Throws Violation. */
export async function checkCommits(
  network: Network,
  ledger: Ledger,
  producers: readonly TransactionalProducer[],
): Promise<void> {
  for (const { group, partition, possible } of ledger.commits())
    await checkCommit(network, group, partition, possible)
  for (const producer of producers) {
    await checkCommit(network, producer.groupId, partitionDir(producer.topic, 0), possibleOffsets(producer))
  }
}

async function checkCommit(
  network: Network,
  group: string,
  partition: string,
  possible: ReadonlySet<number>,
): Promise<void> {
  const [name, index] = partition.split('-')
  const answer = await network.askSurely(offsetFetchRequest, offsetFetchResponse, 8, {
    groups: [{ groupId: group, topics: [{ name: name!, partitionIndexes: [Number(index)] }] }],
    requireStable: true,
  })
  const { committedOffset, errorCode } = answer.groups[0]!.topics[0]!.partitions[0]!
  if (errorCode !== 0) throw new Violation(`the offset of ${group} is not to be had: ${nameOf(errorCode)}`)
  if (!possible.has(committedOffset))
    throw new Violation(
      `${group} is at ${committedOffset} of ${partition}, where it committed ${[...possible]}`,
    )
}
