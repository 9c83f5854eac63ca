import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { expect, test } from 'vitest'
import { systemClock } from '../../../broker/core/clock.ts'
import { nodeDisk } from '../../../broker/core/disk.ts'
import { defaultLogConfig } from '../../../broker/log/log-config.ts'
import { LogDir } from '../../../broker/log/log-dir.ts'
import { readAll } from './log-fixture.ts'

const appender = join(import.meta.dirname, 'kill-appender.ts')
const config = { ...defaultLogConfig, segmentBytes: 200_000 }

test('a process killed with -9 while it appends loses nothing that it acknowledged', async () => {
  const path = mkdtempSync(join(tmpdir(), 'kill-'))
  try {
    let acked = 0
    for (let round = 0; round < 4; round++) {
      const child = spawn(process.execPath, [appender, path], { stdio: ['ignore', 'pipe', 'inherit'] })
      const target = acked + 2000
      for await (const line of createInterface(child.stdout)) {
        acked = Number(line)
        if (acked >= target) child.kill('SIGKILL')
      }
      if (child.exitCode === null && child.signalCode === null) await once(child, 'exit')
      expect(acked).toBeGreaterThanOrEqual(target)
      const logDir = LogDir.open({ path, disk: nodeDisk, clock: systemClock })
      expect(logDir.hadCleanShutdown).toBe(false)
      const log = logDir.openLog('t', 0, 'AAAAAAAAAAAAAAAAAAAAAA', config)
      expect(log.logEndOffset).toBeGreaterThanOrEqual(acked)
      let next = 0
      for (const batch of readAll(log, 0, 100_000)) {
        expect([batch.baseOffset, batch.hasValidCrc()]).toEqual([next, true])
        next = batch.nextOffset
      }
      expect(next).toBe(log.logEndOffset)
      logDir.abandon()
    }
  } finally {
    rmSync(path, { recursive: true })
  }
})
