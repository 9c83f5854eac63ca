import { describeProducersV0 } from '@platformatic/kafka'
import type { TopicProducer } from '../../contract/topics.ts'
import type { KafkaClient } from '../kafka/kafka-client.ts'
import { check, withErrorCodes } from '../kafka/kafka-error.ts'

/** Producers that the partitions remember (DescribeProducers 61, asked of each leader). */
export async function topicProducers(client: KafkaClient, name: string): Promise<TopicProducer[]> {
  const topic = await client.topic(name)
  const led = topic.partitions.filter(({ leaderId }) => leaderId >= 0)
  const byLeader = Map.groupBy(led, ({ leaderId }) => leaderId)
  const answers = [...byLeader].map(async ([leader, partitions]) => {
    const partitionIndexes = partitions.map(({ partitionIndex }) => partitionIndex)
    const connection = await client.node(leader)
    const answer = describeProducersV0.api.async(connection, [{ name, partitionIndexes }])
    return (await withErrorCodes(answer)).topics.flatMap((answered) => answered.partitions)
  })
  return (await Promise.all(answers))
    .flat()
    .flatMap(({ partitionIndex, errorCode, errorMessage, activeProducers }) => {
      check(errorCode, errorMessage)
      return activeProducers.map((producer) => ({
        partition: partitionIndex,
        producerId: Number(producer.producerId),
        producerEpoch: producer.producerEpoch,
        lastSequence: producer.lastSequence,
        lastTimestamp: Number(producer.lastTimestamp),
        coordinatorEpoch: producer.coordinatorEpoch,
        currentTransactionStartOffset:
          producer.currentTxnStartOffset < 0n ? null : Number(producer.currentTxnStartOffset),
      }))
    })
}
