import { CloseConnectionError } from './handler.ts'

const unknownElement = 0

/** Kafka hangs up on an acl of which a type, pattern, operation or permission is UNKNOWN: no client may send it. */
export function refuseUnknown(api: string, elements: readonly number[]): void {
  if (elements.includes(unknownElement)) throw new CloseConnectionError(`${api} has an UNKNOWN element`)
}
