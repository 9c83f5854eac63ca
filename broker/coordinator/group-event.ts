export type ClassicGroupState = 'Empty' | 'PreparingRebalance' | 'CompletingRebalance' | 'Stable' | 'Dead'
export type ConsumerGroupState = 'Empty' | 'Assigning' | 'Reconciling' | 'Stable' | 'Dead'
export type GroupState = ClassicGroupState | ConsumerGroupState
export type GroupType = 'classic' | 'consumer'

export type TopicPartitions = { readonly topic: string; readonly partitions: readonly number[] }

export type LeaveReason =
  | 'left'
  | 'temporarilyLeft'
  | 'sessionTimeout'
  | 'rebalanceTimeout'
  | 'fenced'
  | 'replaced'
  | 'protocolChange'

/** What the dashboard draws the rebalance timeline and live lag from; emitted as it happens. */
export type GroupEvent = { readonly groupId: string; readonly atMs: number } & (
  | {
      readonly kind: 'groupStateChanged'
      readonly groupType: GroupType
      readonly from: GroupState
      readonly to: GroupState
      readonly generation: number
    }
  | { readonly kind: 'groupDeleted'; readonly reason: 'deleted' | 'expired' }
  | {
      readonly kind: 'memberJoined'
      readonly memberId: string
      readonly instanceId: string | null
      readonly clientId: string
      readonly clientHost: string
      readonly reason: string
    }
  | {
      readonly kind: 'memberLeft'
      readonly memberId: string
      readonly instanceId: string | null
      readonly reason: LeaveReason
      readonly detail: string
    }
  | { readonly kind: 'rebalanceStarted'; readonly generation: number; readonly reason: string }
  | {
      readonly kind: 'rebalanceCompleted'
      readonly generation: number
      readonly durationMs: number
      readonly memberCount: number
    }
  | {
      /** What a member owns from now on; for a consumer group also what it is still to give up. */
      readonly kind: 'assigned'
      readonly memberId: string
      readonly epoch: number
      readonly assigned: readonly TopicPartitions[]
      readonly pendingRevocation: readonly TopicPartitions[]
    }
  | {
      readonly kind: 'offsetCommitted'
      readonly topic: string
      readonly partition: number
      readonly offset: number
      readonly memberId: string
    }
  | { readonly kind: 'offsetDeleted'; readonly topic: string; readonly partition: number }
)

export type GroupEventSink = (event: GroupEvent) => void
