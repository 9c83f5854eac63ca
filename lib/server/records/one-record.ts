import type { DecoderChoice, KafkaRecord } from '../../contract/records.ts'
import type { KafkaClient } from '../kafka/kafka-client.ts'
import { KafkaError } from '../kafka/kafka-error.ts'
import { wholeDecoding } from './decode.ts'
import { readRanges } from './read-records.ts'
import type { RawRecord } from './record-reader.ts'
import { toRecord } from './to-record.ts'

/** The record at an offset as the log has it; throws NOT_FOUND where there is none. */
export async function readOne(
  client: KafkaClient,
  topicName: string,
  partition: number,
  offset: number,
): Promise<RawRecord> {
  const topic = await client.topic(topicName)
  if (topic.partitions[partition] === undefined) {
    throw new KafkaError('UNKNOWN_TOPIC_OR_PARTITION', `Topic ${topicName} has no partition ${partition}.`)
  }
  const range = { partition, from: offset, to: offset + 1, limit: 1 }
  const read = await readRanges(client, topic, [range], { committed: false, partitionBytes: 1_024 })
  const record = read.get(partition)?.records[0]
  if (record === undefined || record.offset !== offset) {
    throw new KafkaError(
      'NOT_FOUND',
      `Partition ${partition} of ${topicName} has no record at offset ${offset}.`,
    )
  }
  return record
}

/** The same whole and decoded, nothing truncated up to 64 MiB. */
export async function readWhole(
  client: KafkaClient,
  topic: string,
  partition: number,
  offset: number,
  options: { keyDecoder: DecoderChoice; valueDecoder: DecoderChoice; raw: boolean },
): Promise<KafkaRecord> {
  return toRecord(await readOne(client, topic, partition, offset), {
    ...options,
    maxText: wholeDecoding.maxText,
  })
}
