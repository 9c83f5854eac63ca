/** What a parser wants next of the stream: so many bytes to look at, or so many to let pass unseen. */
export type Step = { take: number } | { skip: number }

/**
 * Drives a parser over a stream's chunks without joining them: only the few bytes it takes are copied, so
 * that the load client costs little beside the broker it measures.
 */
export class ByteSteps {
  private readonly parser: Generator<Step, void, Buffer>
  private wanted: Buffer = Buffer.alloc(0)
  private filled = 0
  private toSkip = 0

  constructor(parser: Generator<Step, void, Buffer>) {
    this.parser = parser
    this.apply(parser.next())
  }

  push(chunk: Buffer): void {
    let at = 0
    while (at < chunk.length) {
      if (this.toSkip > 0) {
        const skipped = Math.min(this.toSkip, chunk.length - at)
        this.toSkip -= skipped
        at += skipped
        if (this.toSkip === 0) this.apply(this.parser.next(Buffer.alloc(0)))
        continue
      }
      const copied = chunk.copy(this.wanted, this.filled, at)
      this.filled += copied
      at += copied
      if (this.filled === this.wanted.length) this.apply(this.parser.next(this.wanted))
    }
  }

  private apply(next: IteratorResult<Step, void>): void {
    if (next.done) throw new Error('the parser ended before the stream')
    if ('skip' in next.value) {
      this.toSkip = next.value.skip
      if (this.toSkip === 0) this.apply(this.parser.next(Buffer.alloc(0)))
      return
    }
    this.wanted = Buffer.alloc(next.value.take)
    this.filled = 0
  }
}
