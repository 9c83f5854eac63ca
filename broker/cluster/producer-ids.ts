import type { Controller, ProducerIdBlock } from './controller.ts'

/** Hands out producer ids from blocks of the controller: none is ever used twice, not after a restart either. */
export class ProducerIds {
  readonly #controller: Controller
  readonly #nodeId: number
  #block: ProducerIdBlock = { first: 0, count: 0 }
  #used = 0

  constructor(controller: Controller, nodeId: number) {
    this.#controller = controller
    this.#nodeId = nodeId
  }

  /** Throws MetadataWriteError when a new block is needed and cannot be written down. */
  next(): number {
    if (this.#used === this.#block.count) {
      this.#block = this.#controller.allocateProducerIds(this.#nodeId)
      this.#used = 0
    }
    return this.#block.first + this.#used++
  }
}
