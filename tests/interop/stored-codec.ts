import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { type Codec, codecs } from './client.ts'

const lengthAt = 8
const attributesAt = 21
const batchOverhead = 12

/**
 * The codecs of the batches that a broker holds of a topic, read from its segment files: a client that
 * silently sends without compression is seen here alone.
 */
export function storedCodecs(dataDir: string, topic: string, partitions: number): Set<Codec> {
  const found = new Set<Codec>()
  for (let partition = 0; partition < partitions; partition++) {
    const file = join(dataDir, `${topic}-${partition}`, '00000000000000000000.log')
    if (!existsSync(file)) continue
    const bytes = readFileSync(file)
    for (
      let at = 0;
      at + attributesAt + 2 <= bytes.length;
      at += batchOverhead + bytes.readInt32BE(at + lengthAt)
    ) {
      if (bytes.readInt32BE(at + lengthAt) <= 0) break
      found.add(codecs[bytes.readInt16BE(at + attributesAt) & 7]!)
    }
  }
  return found
}
