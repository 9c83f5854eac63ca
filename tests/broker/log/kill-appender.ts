/** Appends to a log without end and prints each acknowledged end offset: for kill.test.ts, which kills it. */
import { systemClock } from '../../../broker/core/clock.ts'
import { nodeDisk } from '../../../broker/core/disk.ts'
import { defaultLogConfig } from '../../../broker/log/log-config.ts'
import { LogDir } from '../../../broker/log/log-dir.ts'
import { encodeRecordBatch } from '../../../broker/records/record-batch-builder.ts'

const path = process.argv[2]!
const logDir = LogDir.open({ path, disk: nodeDisk, clock: systemClock })
const log = logDir.openLog('t', 0, 'AAAAAAAAAAAAAAAAAAAAAA', { ...defaultLogConfig, segmentBytes: 200_000 })
const records = Array.from({ length: 7 }, () => ({ value: 'x'.repeat(500) }))
const limit = log.logEndOffset + 50_000

function appendSome(): void {
  for (let count = 0; count < 20; count++) {
    const result = log.append(encodeRecordBatch({ records }), { origin: 'client', leaderEpoch: 0 })
    if (!result.ok) throw new Error(result.message)
  }
  process.stdout.write(`${log.logEndOffset}\n`)
  if (log.logEndOffset < limit) setImmediate(appendSome)
}

appendSome()
