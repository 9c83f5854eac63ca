import type { KillableBroker } from './killable.ts'
import { committedOffsets } from './offsets.ts'

/** Asks for a group's offsets again and again while the broker is killed and started. */
export type OffsetWatch = AsyncDisposable & {
  /** Throws when an offset went back, or one that a client knows to be committed was not there. */
  check(): void
}

/** `acked` gives what is acknowledged so far, by partition. */
export function watchOffsets(
  broker: KillableBroker,
  { group, topic, partitions }: { group: string; topic: string; partitions: number },
  acked: () => ReadonlyMap<number, number>,
): OffsetWatch {
  let latest = Array.from({ length: partitions }, () => -1)
  let failure: Error | undefined
  let isOver = false
  const look = async () => {
    const known = new Map(acked())
    const offsets = await committedOffsets(broker, group, topic, partitions).catch(() => undefined)
    if (offsets === undefined) return
    for (const [partition, offset] of offsets.entries()) {
      const least = Math.max(latest[partition]!, known.get(partition) ?? -1)
      if (offset < least)
        failure ??= new Error(`${group}: partition ${partition} was at ${least}, then at ${offset}`)
    }
    latest = offsets
  }
  const watching = (async () => {
    while (!isOver) {
      await look()
      await new Promise((resolve) => setTimeout(resolve, 50))
    }
  })()
  return {
    check: () => {
      if (failure) throw failure
    },
    [Symbol.asyncDispose]: async () => {
      isOver = true
      await watching
    },
  }
}
