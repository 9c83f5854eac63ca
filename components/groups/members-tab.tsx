'use client'

import type { ReactNode } from 'react'
import type { Group, GroupMember } from '../../lib/contract/groups.ts'
import { partitionColour } from '../format/colour.ts'
import { formatCount, plural } from '../format/count.ts'
import { Badge } from '../ui/badge.tsx'
import { ClusterLink, topicPath } from '../ui/cluster-link.tsx'
import { Panel } from '../ui/panel.tsx'
import { Empty } from '../ui/states.tsx'

function Cell({ partition, state }: { partition: number; state: 'held' | 'coming' | 'going' }): ReactNode {
  const words = { held: '', coming: ', coming', going: ', being given up' }[state]
  return (
    <li
      title={`Partition ${partition}${words}`}
      className="flex h-6 min-w-7 items-center justify-center gap-1 rounded-sm border px-1.5 text-xs tabular-nums"
      style={{
        borderColor: partitionColour(partition),
        borderStyle: state === 'held' ? 'solid' : 'dashed',
        opacity: state === 'going' ? 0.6 : 1,
      }}
    >
      <span
        aria-hidden
        className="size-1.5 rounded-[1px]"
        style={{ background: partitionColour(partition) }}
      />
      {partition}
      <span className="sr-only">{words}</span>
    </li>
  )
}

function topicsOf(member: GroupMember): string[] {
  const topics = new Set(member.assignment.map((entry) => entry.topic))
  for (const entry of member.targetAssignment ?? []) topics.add(entry.topic)
  return [...topics].sort()
}

function Assignment({ member }: { member: GroupMember }): ReactNode {
  const topics = topicsOf(member)
  if (topics.length === 0)
    return <p className="px-4 py-3 text-sm text-warm">Idle: no partition is left for it.</p>
  return (
    <dl className="flex flex-col gap-2 px-4 py-3">
      {topics.map((topic) => {
        const held = member.assignment.find((entry) => entry.topic === topic)?.partitions ?? []
        const target = member.targetAssignment?.find((entry) => entry.topic === topic)?.partitions
        const coming = (target ?? held).filter((partition) => !held.includes(partition))
        return (
          <div key={topic} className="flex flex-wrap items-baseline gap-x-3 gap-y-1">
            <dt className="min-w-24 text-xs text-muted">
              <ClusterLink href={topicPath(topic, 'partitions')} className="hover:underline">
                {topic}
              </ClusterLink>
            </dt>
            <dd>
              <ul className="flex flex-wrap gap-1">
                {held.map((partition) => (
                  <Cell
                    key={partition}
                    partition={partition}
                    state={target && !target.includes(partition) ? 'going' : 'held'}
                  />
                ))}
                {coming.map((partition) => (
                  <Cell key={`to ${partition}`} partition={partition} state="coming" />
                ))}
              </ul>
            </dd>
          </div>
        )
      })}
    </dl>
  )
}

/** Who is in the group and which partitions each holds, in the partitions' own colours. */
export function MembersTab({ group }: { group: Group }): ReactNode {
  if (group.members.length === 0)
    return (
      <Empty title="Nobody is in the group">
        Its committed offsets are kept, so a consumer that joins goes on where the last one stopped.
      </Empty>
    )
  return (
    <div className="grid gap-4 lg:grid-cols-2">
      {group.members.map((member) => (
        <Panel
          key={member.memberId}
          flush
          title={member.clientId || member.memberId}
          aside={
            <>
              <code className="text-2xs">{member.host}</code>
              {member.groupInstanceId !== null && (
                <Badge title="group.instance.id: a static member">{member.groupInstanceId}</Badge>
              )}
              {member.memberEpoch !== null && <span>epoch {member.memberEpoch}</span>}
              <span>
                lag <span className="font-medium text-text tabular-nums">{formatCount(member.lag)}</span>
              </span>
            </>
          }
        >
          <Assignment member={member} />
          <p
            className="border-t border-line px-4 py-2 font-mono text-2xs break-all text-faint"
            title="Member id"
          >
            {member.memberId}
          </p>
        </Panel>
      ))}
      <p className="sr-only">{plural(group.members.length, 'member')}</p>
    </div>
  )
}
