import { assert } from '../../core/assert.ts'
import { nodeCrypto } from '../../core/crypto.ts'

const slotBytes = 24
const wordsPerSlot = 4
/** A key of so many bytes lies in the table as it is; a longer one as the first 120 bits of its SHA-256. */
const maxPlainKeyBytes = 15
const hashedMark = 0xff

/**
 * The latest offset of each key, in a table of fixed size (Kafka's SkimpyOffsetMap): 16 bytes of key or hash and 8
 * of offset a slot, so that its memory is known beforehand and outside of the garbage collector's heap.
 */
export class OffsetMap {
  readonly #slots: number
  readonly #capacity: number
  readonly #keys: Uint32Array
  /** Offset + 1; 0: the slot is free. */
  readonly #offsets: Float64Array
  readonly #scratch = Buffer.from(new ArrayBuffer(wordsPerSlot * 4))
  readonly #words = new Uint32Array(this.#scratch.buffer)
  #size = 0
  /** Everything up to here is in the map; -1: nothing yet. */
  latestOffset = -1

  /** Room for `maxKeys`, but not more than `maxBytes` of memory at this load factor (0 to 1) allow. */
  constructor(maxKeys: number, maxBytes: number, loadFactor: number) {
    const wanted = Math.ceil((maxKeys + 1) / loadFactor)
    this.#slots = Math.max(2, Math.min(wanted, Math.floor(maxBytes / slotBytes)))
    this.#capacity = Math.max(1, Math.min(this.#slots - 1, Math.floor(this.#slots * loadFactor)))
    this.#keys = new Uint32Array(this.#slots * wordsPerSlot)
    this.#offsets = new Float64Array(this.#slots)
  }

  get size(): number {
    return this.#size
  }
  get isFull(): boolean {
    return this.#size >= this.#capacity
  }
  get sizeBytes(): number {
    return this.#slots * slotBytes
  }

  /** Notes that `key` was last written at `offset`; the map must not be full. */
  put(key: Buffer, offset: number): void {
    const slot = this.#slotOf(key)
    if (this.#offsets[slot] === 0) {
      assert(this.#size < this.#capacity, 'the offset map is full')
      this.#keys.set(this.#words, slot * wordsPerSlot)
      this.#size++
    }
    this.#offsets[slot] = offset + 1
    this.latestOffset = offset
  }

  /** The offset last put; -1 when the key is unknown. */
  get(key: Buffer): number {
    return this.#offsets[this.#slotOf(key)]! - 1
  }

  /** The key's slot, or the free one where it belongs. Leaves the packed key in `#words`. */
  #slotOf(key: Buffer): number {
    const [a, b, c, d] = this.#pack(key)
    const keys = this.#keys
    for (let slot = mixed(a, b, c, d) % this.#slots; ; slot = slot + 1 === this.#slots ? 0 : slot + 1) {
      if (this.#offsets[slot] === 0) return slot
      const at = slot * wordsPerSlot
      if (keys[at] === a && keys[at + 1] === b && keys[at + 2] === c && keys[at + 3] === d) return slot
    }
  }

  #pack(key: Buffer): [number, number, number, number] {
    const scratch = this.#scratch
    if (key.length <= maxPlainKeyBytes) {
      scratch.fill(0)
      scratch[0] = key.length
      key.copy(scratch, 1)
    } else {
      scratch[0] = hashedMark
      nodeCrypto().hash('sha256', key, 'buffer').copy(scratch, 1, 0, maxPlainKeyBytes)
    }
    const words = this.#words
    return [words[0]!, words[1]!, words[2]!, words[3]!]
  }
}

/** Spreads the four words over 32 bits (the finaliser of MurmurHash3). */
function mixed(a: number, b: number, c: number, d: number): number {
  let hash = Math.imul(a, 0x9e3779b1) ^ Math.imul(b, 0x85ebca6b)
  hash = Math.imul(hash ^ (hash >>> 15), 0x2c1b3c6d) ^ Math.imul(c, 0xc2b2ae35) ^ Math.imul(d, 0x27d4eb2f)
  hash = Math.imul(hash ^ (hash >>> 16), 0x7feb352d)
  hash = Math.imul(hash ^ (hash >>> 15), 0x846ca68b)
  return (hash ^ (hash >>> 16)) >>> 0
}
