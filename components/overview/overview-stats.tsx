import type { ReactNode } from 'react'
import type { Overview, OverviewHistory } from '../../lib/contract/clusters.ts'
import { formatBytes } from '../format/bytes.ts'
import { formatCompact, formatCount, formatRate, plural } from '../format/count.ts'
import { isBehind } from '../groups/behind.ts'
import { Stat, StatRow } from '../ui/figure.tsx'
import { Sparkline } from '../ui/sparkline.tsx'

const sparkMs = 5 * 60_000

function recent(points: OverviewHistory['lag']): OverviewHistory['lag'] {
  const newest = points.at(-1)?.[0] ?? 0
  return points.filter((point) => point[0] >= newest - sparkMs)
}

/** The cluster in one row of figures. */
export function OverviewStats({
  overview,
  history,
}: {
  overview: Overview
  history: OverviewHistory
}): ReactNode {
  const { rates, brokers } = overview
  const lag = history.lag.at(-1)?.[1] ?? null
  return (
    <StatRow>
      <Stat
        label="Records in"
        value={formatRate(rates.recordsInPerSecond)}
        unit="/s"
        note={`${formatCompact(overview.records)} kept`}
        drawing={<Sparkline points={recent(history.recordsInPerSecond)} width={72} />}
      />
      {rates.bytesInPerSecond !== null && (
        <Stat
          label="Bytes in"
          value={formatBytes(rates.bytesInPerSecond)}
          unit="/s"
          note={overview.sizeBytes === null ? '' : `${formatBytes(overview.sizeBytes)} on disk`}
        />
      )}
      {rates.bytesOutPerSecond !== null && (
        <Stat
          label="Bytes out"
          value={formatBytes(rates.bytesOutPerSecond)}
          unit="/s"
          note={rates.requestsPerSecond === null ? '' : `${formatRate(rates.requestsPerSecond)} requests/s`}
        />
      )}
      <Stat
        label="Lag of all groups"
        value={formatCount(lag)}
        tone={overview.lagging.some((group) => isBehind(group.lag, group.lagSeconds)) ? 'warm' : 'plain'}
        note={`${formatCount(overview.activeGroups)} active`}
        drawing={<Sparkline points={recent(history.lag)} width={72} colour="var(--warm-mark)" />}
      />
      <Stat
        label="Topics"
        value={formatCount(overview.topics)}
        note={plural(overview.partitions, 'partition')}
        tone={overview.offlinePartitions > 0 ? 'loss' : 'plain'}
      />
      <Stat
        label="Brokers"
        value={`${brokers.online}/${brokers.total}`}
        tone={brokers.online < brokers.total ? 'loss' : 'plain'}
        note={overview.connections === null ? 'online' : plural(overview.connections, 'connection')}
      />
    </StatRow>
  )
}
