import { nodeCrypto } from '../core/crypto.ts'
import type { Disk } from '../core/disk.ts'
import { diskCall } from './log-error.ts'

const reserveBytes = 256 * 1024
/** The file is only made where it takes a small part of what is free. */
const minFreeBytes = 64 * reserveBytes

/**
 * A file that holds a little space back. On a full disk nothing can be written any more, not even that a topic is
 * deleted or keeps less: giving the file up makes room for exactly that, and what it deletes makes room for more.
 */
export class SpaceReserve {
  readonly #disk: Disk
  readonly #folder: string
  readonly #path: string

  constructor(disk: Disk, folder: string, path: string) {
    this.#disk = disk
    this.#folder = folder
    this.#path = path
  }

  /** Makes the file where it is missing and there is room. It is not fsynced: it only has to take space. */
  ensure(): void {
    diskCall('write', this.#path, () => {
      if ((this.#disk.stat(this.#path)?.sizeBytes ?? 0) >= reserveBytes) return
      if (this.#disk.freeBytes(this.#folder) < minFreeBytes) return
      const file = this.#disk.open(this.#path, 'write')
      try {
        // Random bytes: a file system that compresses would keep nothing of zeroes.
        this.#disk.writev(file, [nodeCrypto().randomBytes(reserveBytes)], 0)
      } finally {
        this.#disk.close(file)
      }
    })
  }

  /** Gives the space back; false when there was none. */
  release(): boolean {
    return diskCall('delete', this.#path, () => {
      if (!this.#disk.stat(this.#path)) return false
      this.#disk.unlink(this.#path)
      return true
    })
  }
}
