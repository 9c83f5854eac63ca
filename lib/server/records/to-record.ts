import type { DecoderChoice, KafkaRecord } from '../../contract/records.ts'
import { type DecodeOptions, decodeDatum, pageDecoding } from './decode.ts'
import type { RawRecord } from './record-reader.ts'

export type RecordDecoding = {
  keyDecoder: DecoderChoice
  valueDecoder: DecoderChoice
  maxText: number
  raw: boolean
}

const defaultDecoding: RecordDecoding = {
  keyDecoder: 'auto',
  valueDecoder: 'auto',
  maxText: pageDecoding.maxText,
  raw: false,
}

/** A record of the log as the contract has it. */
export function toRecord(record: RawRecord, decoding: RecordDecoding = defaultDecoding): KafkaRecord {
  const { batch } = record
  const options = (decoder: DecoderChoice): DecodeOptions => ({
    decoder,
    maxText: decoding.maxText,
    raw: decoding.raw,
  })
  const headerBytes = record.headers.reduce(
    (sum, header) => sum + Buffer.byteLength(header.key) + (header.value?.length ?? 0),
    0,
  )
  return {
    partition: record.partition,
    offset: record.offset,
    timestamp: record.timestamp,
    timestampType: batch.timestampType,
    key: decodeDatum(record.key, options(decoding.keyDecoder)),
    value: decodeDatum(record.value, options(decoding.valueDecoder)),
    headers: record.headers.map(({ key, value }) => ({ key, value: decodeDatum(value, options('auto')) })),
    size: (record.key?.length ?? 0) + (record.value?.length ?? 0) + headerBytes,
    compression: batch.compression,
    producerId: batch.producerId,
    producerEpoch: batch.producerEpoch,
    sequence: sequenceOf(record),
    isTransactional: batch.isTransactional,
  }
}

/** Sequences go on with 0 after 2^31 − 1. */
function sequenceOf({ batch, offset }: RawRecord): number {
  if (batch.producerId < 0 || batch.baseSequence < 0) return -1
  return (batch.baseSequence + (offset - batch.baseOffset)) % 2 ** 31
}
