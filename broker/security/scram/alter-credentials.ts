import {
  isScramMechanism,
  maxIterations,
  minIterations,
  type ScramCredential,
  scramCredential,
} from './scram-credential.ts'

export type ScramDeletion = { readonly name: string; readonly mechanism: number }

export type ScramUpsertion = {
  readonly name: string
  readonly mechanism: number
  readonly iterations: number
  readonly salt: Buffer
  readonly saltedPassword: Buffer
}

/** A credential to write; a null one goes. */
export type ScramChange = {
  readonly user: string
  readonly mechanism: number
  readonly credential: ScramCredential | null
}

/** An error by Kafka's name. */
export type ScramFault = { readonly error: string; readonly message: string | null }

export type ScramPlan = {
  readonly changes: readonly ScramChange[]
  readonly faults: ReadonlyMap<string, ScramFault>
}

const twice: ScramFault = {
  error: 'DUPLICATE_RESOURCE',
  message: 'A user credential cannot be altered twice in the same request',
}

/**
 * What a request changes, and whose alteration is refused (KIP-554), in the order and words of Kafka's
 * ScramControlManager: the first fault of a user stays, and nothing of that user is changed.
 */
export function planScramAlterations(
  deletions: readonly ScramDeletion[],
  upsertions: readonly ScramUpsertion[],
  exists: (user: string, mechanism: number) => boolean,
): ScramPlan {
  const faults = new Map<string, ScramFault>()
  const planned = new Map<string, ScramChange>()
  const plan = (user: string, fault: ScramFault | undefined, change: () => ScramChange | undefined) => {
    if (faults.has(user)) return
    const refused = planned.delete(user) ? twice : fault
    if (refused) {
      faults.set(user, refused)
      return
    }
    const made = change()
    if (made) planned.set(user, made)
    // Kafka fails inside over a password of no bytes.
    else faults.set(user, { error: 'UNKNOWN_SERVER_ERROR', message: null })
  }
  for (const deletion of deletions) {
    const { name: user, mechanism } = deletion
    plan(user, deletionFault(deletion, exists), () => ({ user, mechanism, credential: null }))
  }
  for (const upsertion of upsertions) {
    const { name: user, mechanism } = upsertion
    plan(user, upsertionFault(upsertion), () => {
      const credential = scramCredential(mechanism, upsertion)
      return credential && { user, mechanism, credential }
    })
  }
  return { changes: [...planned.values()], faults }
}

function deletionFault(
  { name, mechanism }: ScramDeletion,
  exists: (user: string, mechanism: number) => boolean,
): ScramFault | undefined {
  const fault = identityFault(name, mechanism)
  if (fault || exists(name, mechanism)) return fault
  return {
    error: 'RESOURCE_NOT_FOUND',
    message: 'Attempt to delete a user credential that does not exist',
  }
}

function upsertionFault({ name, mechanism, iterations }: ScramUpsertion): ScramFault | undefined {
  const fault = identityFault(name, mechanism)
  if (fault) return fault
  if (iterations < minIterations) return { error: 'UNACCEPTABLE_CREDENTIAL', message: 'Too few iterations' }
  if (iterations > maxIterations) return { error: 'UNACCEPTABLE_CREDENTIAL', message: 'Too many iterations' }
  return undefined
}

function identityFault(name: string, mechanism: number): ScramFault | undefined {
  if (name === '') return { error: 'UNACCEPTABLE_CREDENTIAL', message: 'Username must not be empty' }
  if (!isScramMechanism(mechanism)) {
    return { error: 'UNSUPPORTED_SASL_MECHANISM', message: 'Unknown SCRAM mechanism' }
  }
  return undefined
}
