import { type Disk, nodeDisk } from './disk.ts'

/** What an answer is made of: bytes in memory, and bytes that stay in their file until they are sent. */
export type Chunk = Buffer | FileRegion

/**
 * Bytes of a file, to be sent from there. The file stays open, whatever becomes of its name, until `release`; who
 * holds a region calls that once the bytes are sent or dropped.
 */
export class FileRegion {
  /** Undefined where the disk is not the system's. */
  readonly systemDescriptor: number | undefined
  readonly position: number
  readonly length: number
  readonly #disk: Disk
  readonly #descriptor: number
  #unpin: (() => void) | undefined

  constructor(
    file: { readonly disk: Disk; readonly descriptor: number; readonly unpin: () => void },
    position: number,
    length: number,
  ) {
    this.systemDescriptor = file.disk === nodeDisk ? file.descriptor : undefined
    this.position = position
    this.length = length
    this.#disk = file.disk
    this.#descriptor = file.descriptor
    this.#unpin = file.unpin
  }

  /** Fills `target` with the region's bytes from `at` on. Throws the system's error, or one that says what is missing. */
  read(target: Buffer, at: number): void {
    const from = this.position + at
    const count = this.#disk.read(this.#descriptor, target, 0, target.length, from)
    if (count < target.length) {
      throw new Error(`the file ends at byte ${from + count}, where ${from + target.length} were promised`)
    }
  }

  /** Lets go of the file; a second call does nothing. */
  release(): void {
    this.#unpin?.()
    this.#unpin = undefined
  }
}
