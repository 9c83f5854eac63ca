import type { ClassicGroup } from './classic/classic-group.ts'
import type { ConsumerGroup } from './consumer/consumer-group.ts'
import { OffsetStore } from './offsets/offset-store.ts'
import { PendingOffsets } from './offsets/pending-offsets.ts'

export type Group = ClassicGroup | ConsumerGroup

/** All that one partition of `__consumer_offsets` holds. */
export type GroupShard = {
  readonly partition: number
  readonly groups: Map<string, Group>
  readonly offsets: OffsetStore
  readonly pendingOffsets: PendingOffsets
}

export function newGroupShard(partition: number): GroupShard {
  return { partition, groups: new Map(), offsets: new OffsetStore(), pendingOffsets: new PendingOffsets() }
}
