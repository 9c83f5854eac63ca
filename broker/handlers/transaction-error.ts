import { errorCode } from '../protocol/error-codes.ts'
import type { HandlerContext } from './handler.ts'

/** By API, the first version whose clients know PRODUCER_FENCED; older ones are told INVALID_PRODUCER_EPOCH. */
const firstVersionWithProducerFenced: Readonly<Record<number, number>> = { 22: 4, 24: 2, 25: 2, 26: 2 }

/** The error of a transactional request, as a client of this version knows it. */
export function fencedError({ apiKey, apiVersion }: HandlerContext, code: number): number {
  const first = firstVersionWithProducerFenced[apiKey] ?? 0
  return code === errorCode.producerFenced && apiVersion < first ? errorCode.invalidProducerEpoch : code
}
