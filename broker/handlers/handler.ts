import type { BrokerNode } from '../cluster/node.ts'
import type { GroupCoordinator } from '../coordinator/group-coordinator.ts'
import type { TransactionCoordinator } from '../coordinator/transaction/transaction-coordinator.ts'
import type { Decoded, Encodable, Message } from '../protocol/fields.ts'
import type { MutationQuota } from '../security/quota/controller-mutations.ts'
import type { ClientConnection } from './client-connection.ts'
import type { OfferedApi } from './offered-apis.ts'

/** What a request is answered with: who asked, when, in which version, and the broker that answers. */
export type HandlerContext = {
  readonly node: BrokerNode
  /** Of the groups whose partition of `__consumer_offsets` this node leads. */
  readonly coordinator: GroupCoordinator
  /** Of the transactional ids whose partition of `__transaction_state` this node leads. */
  readonly transactions: TransactionCoordinator
  readonly connection: ClientConnection
  /** All that this broker offers, by API key. */
  readonly apis: ReadonlyMap<number, OfferedApi>
  readonly apiKey: number
  readonly apiVersion: number
  readonly correlationId: number
  readonly clientId: string | null
  /** When the request was read whole from the socket, by the node's clock. */
  readonly nowMs: number
  /**
   * What this client may change in topics at present (KIP-599); `isStrict`: too much may be refused. A handler that
   * answers its `throttleMs` as `throttleTimeMs` has the client wait for so long.
   */
  mutationQuota(isStrict: boolean): MutationQuota
  /** `free` runs once the answer's bytes are sent; not at all when the connection dies first. One a request. */
  whenSent(free: () => void): void
}

/** `undefined` sends no answer (Produce with acks=0). */
export type Answer<Response extends Message> = Encodable<Response> | undefined

/**
 * Answers one API in all its versions. Synchronous where the answer is ready, a promise where it must wait; the
 * connection sends answers in the order of its requests. A client's mistakes are error codes in the answer: a
 * handler throws only on a bug of ours, and the connection is then closed.
 */
export type Handler<Request extends Message, Response extends Message> = (
  context: HandlerContext,
  request: Decoded<Request>,
) => Answer<Response> | Promise<Answer<Response>>

/** What a request of bootstrap's family is answered with: the coordinators may not run yet. */
export type BootstrapContext = Omit<HandlerContext, 'coordinator' | 'transactions'>

/** As `Handler`, for what is answered from the very start. */
export type BootstrapHandler<Request extends Message, Response extends Message> = (
  context: BootstrapContext,
  request: Decoded<Request>,
) => Answer<Response>

/** Thrown by a handler that has no way to tell the client but to hang up (acks=0 with an error). */
export class CloseConnectionError extends Error {
  override readonly name = 'CloseConnectionError'
  readonly code = 'CLOSE_CONNECTION'
}
