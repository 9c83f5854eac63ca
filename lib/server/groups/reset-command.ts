import type { z } from 'zod'
import type { ResetOffsetsResult, resetOffsetsBody } from '../../contract/groups.ts'

type Body = z.output<typeof resetOffsetsBody>
type Row = ResetOffsetsResult['partitions'][number]

/** The same with Kafka's own tool; what it has no flag for goes in as a plan (`--from-file`). */
export function resetCommand(
  bootstrap: readonly { host: string; port: number }[],
  groupId: string,
  body: Body,
  rows: readonly Row[],
): string {
  const servers = bootstrap.map(({ host, port }) => `${host}:${port}`).join(',')
  const base = `kafka-consumer-groups.sh --bootstrap-server ${servers} --group ${quoted(groupId)} --reset-offsets`
  const end = body.dryRun ? '--dry-run' : '--execute'
  const flag = body.overrides.length > 0 ? undefined : targetFlag(body.target)
  if (flag === undefined) {
    const plan = rows
      .map(({ topic, partition, newOffset }) => `${topic},${partition},${newOffset}`)
      .join('\n')
    return `cat > plan.csv <<'END'\n${plan}\nEND\n${base} --from-file plan.csv ${end}`
  }
  const topics =
    body.topics === undefined
      ? '--all-topics'
      : body.topics
          .map(
            ({ topic, partitions }) =>
              `--topic ${quoted(partitions ? `${topic}:${partitions.join(',')}` : topic)}`,
          )
          .join(' ')
  return `${base} ${topics} ${flag} ${end}`
}

function targetFlag(target: Body['target']): string | undefined {
  switch (target.to) {
    case 'earliest':
      return '--to-earliest'
    case 'latest':
      return '--to-latest'
    case 'time':
      return `--to-datetime ${new Date(target.timestamp).toISOString()}`
    case 'offset':
      return `--to-offset ${target.offset}`
    case 'shift':
      return `--shift-by ${target.by}`
    case 'group':
      return undefined
  }
}

/** For a POSIX shell. */
function quoted(text: string): string {
  return /^[\w./:,@-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`
}
