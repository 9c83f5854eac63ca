import clsx from 'clsx'
import type { ReactNode } from 'react'
import type { Broker, LogDir } from '../../lib/contract/brokers.ts'
import { formatBytes } from '../format/bytes.ts'
import { plural } from '../format/count.ts'
import { CopyButton } from '../ui/copy-button.tsx'
import { Panel } from '../ui/panel.tsx'
import { Empty } from '../ui/states.tsx'

/** A figure with the colour that stands for it in the bar. */
function Part({ mark, children }: { mark: string; children: ReactNode }): ReactNode {
  return (
    <li className="inline-flex items-center gap-1.5">
      <span aria-hidden className={clsx('size-2 rounded-[1px]', mark)} />
      {children}
    </li>
  )
}

/** How full the disk is: our logs, others' files, free. */
function Fill({ logDir }: { logDir: LogDir }): ReactNode {
  if (logDir.totalBytes === null || logDir.usableBytes === null || logDir.totalBytes <= 0) return null
  const { totalBytes, usableBytes, sizeBytes } = logDir
  const others = Math.max(0, totalBytes - usableBytes - sizeBytes)
  const part = (bytes: number) => `${(bytes / totalBytes) * 100}%`
  const nearlyFull = usableBytes / totalBytes < 0.1
  return (
    <div className="flex flex-col gap-1.5">
      <div aria-hidden className="flex h-2 overflow-hidden rounded-[2px] bg-sunken">
        <span className="min-w-0.5 bg-flow-bright" style={{ width: part(sizeBytes) }} />
        <span className="bg-line-strong" style={{ width: part(others) }} />
      </div>
      <ul className="flex flex-wrap gap-x-4 gap-y-1 text-xs text-muted tabular-nums">
        <Part mark="bg-flow-bright">{formatBytes(sizeBytes)} of logs</Part>
        <Part mark="bg-line-strong">{formatBytes(others)} of other files</Part>
        <Part mark="border border-line-strong bg-sunken">
          <span className={nearlyFull ? 'font-medium text-loss' : ''}>
            {formatBytes(usableBytes)} free of {formatBytes(totalBytes)}
          </span>
        </Part>
      </ul>
    </div>
  )
}

/** Log dirs of a broker and how full their disks are. */
export function DiskTab({ broker }: { broker: Broker }): ReactNode {
  if (broker.logDirs.length === 0) return <Empty title="The broker names no log dir" />
  return (
    <div className="flex flex-col gap-4">
      {broker.logDirs.map((logDir) => (
        <Panel
          key={logDir.path}
          title={
            <span className="inline-flex items-center font-mono text-xs">
              {logDir.path}
              <CopyButton text={logDir.path} label="Copy path" />
            </span>
          }
          aside={plural(logDir.partitions, 'partition')}
        >
          {logDir.error !== null && (
            <p role="alert" className="mb-3 text-sm text-loss">
              {logDir.error}
            </p>
          )}
          <Fill logDir={logDir} />
          {logDir.totalBytes === null && (
            <p className="text-sm tabular-nums">{formatBytes(logDir.sizeBytes)} of logs</p>
          )}
        </Panel>
      ))}
    </div>
  )
}
