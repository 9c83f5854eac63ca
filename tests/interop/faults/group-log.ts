import type { Load, LoadEvent } from './load.ts'

/*
 * What the members of one group said, in the order in which their process printed it (Load, role `members`). A commit
 * that was acknowledged is printed before anybody else can be given the partition.
 */

type Held = { member: string; next: number | undefined }

export type GroupLog = {
  /** Every offset that a member was given, by partition. */
  read: Map<number, Set<number>>
  /** Behind the last record whose commit was acknowledged, by partition. */
  committed: Map<number, number>
}

/**
 * Goes through the events of the members whose names start with `prefix`. Throws where a member skipped a record,
 * started before what was committed, or a commit went back.
 */
export function readGroupLog(load: Load, prefix: string): GroupLog {
  const log: GroupLog = { read: new Map(), committed: new Map() }
  const held = new Map<string, Held>()
  for (const event of load.events) {
    if (!event[1]?.startsWith(prefix)) continue
    const [word, member, partition, offset] = [event[0], event[1], Number(event[2]), Number(event[3])]
    const place = `${member} ${partition}`
    if (word === 'assigned') held.set(place, { member, next: undefined })
    else if (word === 'revoked') held.delete(place)
    else if (word === 'read') addRead(log, held, place, partition, offset, event)
    else if (word === 'committed') addCommit(log, partition, offset, event)
  }
  return log
}

/** Gives, of a group's events so far, what is committed for certain; each event is looked at once. */
export function ackedCommits(load: Load, prefix: string): () => ReadonlyMap<number, number> {
  const committed = new Map<number, number>()
  let seen = 0
  return () => {
    for (; seen < load.events.length; seen++) {
      const [word, member, partition, offset] = load.events[seen]!
      if (word === 'committed' && member!.startsWith(prefix)) committed.set(Number(partition), Number(offset))
    }
    return committed
  }
}

function addRead(
  log: GroupLog,
  held: Map<string, Held>,
  place: string,
  partition: number,
  offset: number,
  event: LoadEvent,
): void {
  const holder = held.get(place)
  const committed = log.committed.get(partition) ?? 0
  if (holder === undefined) throw new Error(`read without being assigned: ${event.join(' ')}`)
  if (holder.next === undefined ? offset < committed : offset !== holder.next)
    throw new Error(`after ${holder.next ?? `the commit of ${committed}`}: ${event.join(' ')}`)
  holder.next = offset + 1
  const read = log.read.get(partition) ?? new Set()
  log.read.set(partition, read.add(offset))
}

function addCommit(log: GroupLog, partition: number, offset: number, event: LoadEvent): void {
  const before = log.committed.get(partition) ?? 0
  if (offset < before) throw new Error(`${before} was committed before: ${event.join(' ')}`)
  log.committed.set(partition, offset)
}
