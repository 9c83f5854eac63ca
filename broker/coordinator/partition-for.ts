/** Java's `String.hashCode` (over UTF-16 units, wrapping at 32 bits). */
function javaHashCode(text: string): number {
  let hash = 0
  for (let index = 0; index < text.length; index++) hash = (Math.imul(31, hash) + text.charCodeAt(index)) | 0
  return hash
}

/** The partition of `__consumer_offsets` (or `__transaction_state`) that a key belongs to, as Kafka chooses it. */
export function partitionFor(key: string, partitionCount: number): number {
  const hash = javaHashCode(key)
  // Java's Math.abs has no answer for the least integer; Kafka takes 0.
  return hash === -0x80000000 ? 0 : Math.abs(hash) % partitionCount
}
