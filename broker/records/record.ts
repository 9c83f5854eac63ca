export type RecordHeader = { key: string; value: Buffer | null }

/** One record; key, value and header values are views on the batch's (decompressed) bytes. */
export type KafkaRecord = {
  offset: number
  timestampMs: number
  key: Buffer | null
  value: Buffer | null
  headers: readonly RecordHeader[]
}
