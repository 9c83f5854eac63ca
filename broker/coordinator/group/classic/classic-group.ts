import { errorCode } from '../../../protocol/error-codes.ts'
import type { Decoded, Encodable } from '../../../protocol/fields.ts'
import type { joinGroupRequest, joinGroupResponse } from '../../../protocol/schemas/11-join-group.ts'
import type { syncGroupResponse } from '../../../protocol/schemas/14-sync-group.ts'
import type { ClassicGroupState } from '../../group-event.ts'
import type { ReplyTo, Turn } from '../../turn.ts'
import { consumerProtocolType, parseSubscription } from '../consumer-protocol.ts'

export type JoinRequest = Decoded<typeof joinGroupRequest>
export type JoinResponse = Encodable<typeof joinGroupResponse>
export type SyncResponse = Encodable<typeof syncGroupResponse>

export type ClassicProtocol = { readonly name: string; readonly metadata: Buffer }

export type ClassicMember = {
  readonly memberId: string
  readonly instanceId: string | null
  readonly clientId: string
  readonly clientHost: string
  rebalanceTimeoutMs: number
  sessionTimeoutMs: number
  protocols: readonly ClassicProtocol[]
  assignment: Buffer
  /** Joined for the first time and not answered yet: it does not know its member id, so it sends no heartbeats. */
  isNew: boolean
  awaitingJoin: ReplyTo<JoinResponse> | null
  awaitingSync: ReplyTo<SyncResponse> | null
}

/** A group of the classic protocol. Members' waiting requests live in it, but never in its records. */
export type ClassicGroup = {
  readonly type: 'classic'
  readonly groupId: string
  state: ClassicGroupState
  previousState: ClassicGroupState
  /** When the group came into its state; null for one that was made by a commit alone. */
  stateTimestampMs: number | null
  protocolType: string | null
  protocolName: string | null
  generationId: number
  leaderId: string | null
  readonly members: Map<string, ClassicMember>
  /** Member id by group.instance.id. */
  readonly staticMembers: Map<string, string>
  /** Ids given out with MEMBER_ID_REQUIRED whose second join has not come. */
  readonly pendingJoin: Set<string>
  readonly pendingSync: Set<string>
  awaitingJoinCount: number
  /** How many members support a protocol. */
  readonly protocolSupport: Map<string, number>
  newMemberAdded: boolean
  /** The initial join has had its delay and only waits for those in `pendingJoin`. */
  awaitsPending: boolean
  /** Null where it cannot be known: another protocol type, or metadata that we cannot read. */
  subscribedTopics: ReadonlySet<string> | null
  rebalanceStartedAtMs: number
}

export const noBytes: Buffer = Buffer.alloc(0)

export function newClassicGroup(groupId: string): ClassicGroup {
  return {
    type: 'classic',
    groupId,
    state: 'Empty',
    previousState: 'Dead',
    stateTimestampMs: null,
    protocolType: null,
    protocolName: null,
    generationId: 0,
    leaderId: null,
    members: new Map(),
    staticMembers: new Map(),
    pendingJoin: new Set(),
    pendingSync: new Set(),
    awaitingJoinCount: 0,
    protocolSupport: new Map(),
    newMemberAdded: false,
    awaitsPending: false,
    subscribedTopics: null,
    rebalanceStartedAtMs: 0,
  }
}

export function transition(turn: Turn, group: ClassicGroup, to: ClassicGroupState): void {
  const from = group.state
  group.previousState = from
  group.state = to
  group.stateTimestampMs = turn.nowMs
  if (from === to) return
  const { groupId, generationId: generation } = group
  turn.emit({ kind: 'groupStateChanged', groupId, groupType: 'classic', from, to, generation })
}

function countProtocols(group: ClassicGroup, protocols: readonly ClassicProtocol[], by: 1 | -1): void {
  for (const { name } of protocols) {
    const support = (group.protocolSupport.get(name) ?? 0) + by
    if (support > 0) group.protocolSupport.set(name, support)
    else group.protocolSupport.delete(name)
  }
}

export function addMember(group: ClassicGroup, member: ClassicMember, protocolType: string): void {
  if (group.members.size === 0) group.protocolType = protocolType
  group.leaderId ??= member.memberId
  group.members.set(member.memberId, member)
  countProtocols(group, member.protocols, 1)
  if (member.awaitingJoin) group.awaitingJoinCount++
  if (member.instanceId !== null) group.staticMembers.set(member.instanceId, member.memberId)
  group.pendingJoin.delete(member.memberId)
}

/** Takes a member (or a pending one) out. Its waiting requests must have been answered before. */
export function removeMember(group: ClassicGroup, memberId: string): void {
  group.pendingJoin.delete(memberId)
  group.pendingSync.delete(memberId)
  const member = group.members.get(memberId)
  if (!member) return
  group.members.delete(memberId)
  countProtocols(group, member.protocols, -1)
  if (member.awaitingJoin) group.awaitingJoinCount--
  if (member.instanceId !== null && group.staticMembers.get(member.instanceId) === memberId) {
    group.staticMembers.delete(member.instanceId)
  }
  if (group.leaderId === memberId) group.leaderId = group.members.keys().next().value ?? null
}

export function setProtocols(
  group: ClassicGroup,
  member: ClassicMember,
  protocols: readonly ClassicProtocol[],
): void {
  countProtocols(group, member.protocols, -1)
  member.protocols = protocols
  countProtocols(group, protocols, 1)
}

/** An older join that still waits is told to come again: only the newest request of a member is kept. */
export function awaitJoin(
  turn: Turn,
  group: ClassicGroup,
  member: ClassicMember,
  to: ReplyTo<JoinResponse>,
): void {
  if (member.awaitingJoin) turn.reply(member.awaitingJoin, joinError('rebalanceInProgress', member.memberId))
  else group.awaitingJoinCount++
  member.awaitingJoin = to
}

export function answerJoin(
  turn: Turn,
  group: ClassicGroup,
  member: ClassicMember,
  response: JoinResponse,
): void {
  if (!member.awaitingJoin) return
  turn.reply(member.awaitingJoin, response)
  member.awaitingJoin = null
  group.awaitingJoinCount--
}

export function answerSync(turn: Turn, member: ClassicMember, response: SyncResponse): boolean {
  if (!member.awaitingSync) return false
  turn.reply(member.awaitingSync, response)
  member.awaitingSync = null
  return true
}

export function supportsProtocols(
  group: ClassicGroup,
  protocolType: string,
  protocols: readonly { readonly name: string }[],
): boolean {
  if (protocolType === '' || protocols.length === 0) return false
  if (group.state === 'Empty') return true
  return (
    group.protocolType === protocolType &&
    protocols.some(({ name }) => (group.protocolSupport.get(name) ?? 0) === group.members.size)
  )
}

/** Each member votes for the first of its protocols that all support; the one with most votes wins. */
export function selectProtocol(group: ClassicGroup): string | null {
  const votes = new Map<string, number>()
  for (const member of group.members.values()) {
    const choice = member.protocols.find(({ name }) => group.protocolSupport.get(name) === group.members.size)
    if (choice) votes.set(choice.name, (votes.get(choice.name) ?? 0) + 1)
  }
  let winner: string | null = null
  for (const [name, count] of votes) if (winner === null || count > votes.get(winner)!) winner = name
  return winner
}

export function computeSubscribedTopics(group: ClassicGroup): ReadonlySet<string> | null {
  if (group.protocolType === null) return null
  if (group.members.size === 0) return group.protocolType === consumerProtocolType ? new Set() : null
  if (group.protocolType !== consumerProtocolType || group.protocolName === null) return null
  const topics = new Set<string>()
  for (const member of group.members.values()) {
    const subscription = parseSubscription(metadataOf(member, group.protocolName))
    if (!subscription) return null
    for (const topic of subscription.topics) topics.add(topic)
  }
  return topics
}

export function metadataOf(member: ClassicMember, protocolName: string | null): Buffer {
  return member.protocols.find(({ name }) => name === protocolName)?.metadata ?? noBytes
}

export function sameProtocols(
  known: readonly ClassicProtocol[],
  protocols: readonly ClassicProtocol[],
): boolean {
  return (
    known.length === protocols.length &&
    protocols.every(({ name, metadata }, index) => {
      const own = known[index]!
      return own.name === name && own.metadata.equals(metadata)
    })
  )
}

export function rebalanceTimeoutMsOf(group: ClassicGroup): number {
  let timeoutMs = 0
  for (const member of group.members.values()) timeoutMs = Math.max(timeoutMs, member.rebalanceTimeoutMs)
  return timeoutMs
}

export function hasAllMembersJoined(group: ClassicGroup): boolean {
  return group.awaitingJoinCount === group.members.size && group.pendingJoin.size === 0
}

export function joinError(error: keyof typeof errorCode, memberId: string): JoinResponse {
  return {
    throttleTimeMs: 0,
    errorCode: errorCode[error],
    generationId: -1,
    protocolName: null,
    leader: '',
    memberId,
    members: [],
  }
}

export function syncError(error: keyof typeof errorCode): SyncResponse {
  return { throttleTimeMs: 0, errorCode: errorCode[error], assignment: noBytes }
}

type MembershipError = 'unknownMemberId' | 'fencedInstanceId' | undefined

/** Whether a member id, with the instance id it came with, is the one the group knows (KIP-345). */
export function membershipError(
  group: ClassicGroup,
  memberId: string,
  instanceId: string | null,
): MembershipError {
  if (instanceId !== null) {
    const known = group.staticMembers.get(instanceId)
    if (known === undefined) return 'unknownMemberId'
    if (known !== memberId) return 'fencedInstanceId'
  }
  return group.members.has(memberId) ? undefined : 'unknownMemberId'
}
