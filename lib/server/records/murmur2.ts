const seed = 0x9747b28c
const m = 0x5bd1e995
const r = 24

/** Kafka's partitioner hash (MurmurHash2, 32 bit, seed 0x9747b28c), as a signed integer like Java's. */
export function murmur2(data: Uint8Array): number {
  const length = data.length
  let h = seed ^ length
  let at = 0
  for (; length - at >= 4; at += 4) {
    let k = data[at]! | (data[at + 1]! << 8) | (data[at + 2]! << 16) | (data[at + 3]! << 24)
    k = Math.imul(k, m)
    k ^= k >>> r
    h = Math.imul(h, m) ^ Math.imul(k, m)
  }
  const left = length - at
  if (left === 3) h ^= data[at + 2]! << 16
  if (left >= 2) h ^= data[at + 1]! << 8
  if (left >= 1) h = Math.imul(h ^ data[at]!, m)
  h ^= h >>> 13
  h = Math.imul(h, m)
  return h ^ (h >>> 15)
}

/** Partition that Kafka's default partitioner gives a key. */
export function partitionOfKey(key: Uint8Array, partitions: number): number {
  return (murmur2(key) & 0x7fffffff) % partitions
}
