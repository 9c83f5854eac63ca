import { appendFileSync, readdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { batchesOf } from '../../../broker/records/record-batch.ts'
import type { Schedule } from './seed.ts'

type Kind = 'log' | 'index' | 'timeindex' | 'txnindex' | 'snapshot'

/** Damages a partition's folder; `lost` is how many of its last batches cannot be there any more. */
export type Damage = { name: string; lost: 0 | 1; apply(folder: string, plan: Schedule): void }

const filesOf = (folder: string, kind: Kind) =>
  readdirSync(folder)
    .filter((name) => name.endsWith(`.${kind}`))
    .sort()
    .map((name) => join(folder, name))

const lastLog = (folder: string) => filesOf(folder, 'log').at(-1)!

function lastBatch(folder: string): { file: string; start: number; end: number } {
  const file = lastLog(folder)
  const bytes = readFileSync(file)
  const batch = [...batchesOf(bytes)].at(-1)!
  return { file, start: batch.start, end: bytes.length }
}

function flipBit(file: string, plan: Schedule, from = 0): void {
  const bytes = readFileSync(file)
  if (bytes.length <= from) return
  const at = plan.between(from, bytes.length)
  bytes[at] = bytes[at]! ^ (1 << plan.between(0, 8))
  writeFileSync(file, bytes)
}

const noise = (plan: Schedule, length: number) =>
  Buffer.from(Array.from({ length }, () => plan.between(0, 256)))

const tails: Damage[] = [
  {
    name: 'torn-log',
    lost: 1,
    apply: (folder, plan) => {
      const { file, start, end } = lastBatch(folder)
      truncateSync(file, plan.between(start + 1, end))
    },
  },
  {
    name: 'zeroed-log',
    lost: 1,
    apply: (folder, plan) => {
      const { file, start, end } = lastBatch(folder)
      const bytes = readFileSync(file)
      writeFileSync(file, bytes.fill(0, plan.between(start, end - 1)))
    },
  },
  {
    name: 'flipped-log',
    lost: 1,
    apply: (folder, plan) => {
      const { file, start } = lastBatch(folder)
      // Base offset and leader epoch lie outside of the CRC.
      flipBit(file, plan, start + 17)
    },
  },
  { name: 'zeros-behind', lost: 0, apply: (folder) => appendFileSync(lastLog(folder), Buffer.alloc(70_000)) },
  {
    name: 'noise-behind',
    lost: 0,
    apply: (folder, plan) => appendFileSync(lastLog(folder), noise(plan, plan.between(1, 5000))),
  },
]

const ofEach = (kinds: readonly Kind[], what: string, apply: (file: string, plan: Schedule) => void) =>
  kinds.map(
    (kind): Damage => ({
      name: `${what}-${kind}`,
      lost: 0,
      apply: (folder, plan) => {
        for (const file of filesOf(folder, kind)) apply(file, plan)
      },
    }),
  )

const besideLog = ['index', 'timeindex', 'txnindex', 'snapshot'] as const

/** One of each kind that a crash, or a disk, leaves behind. */
export const damages: readonly Damage[] = [
  ...tails,
  ...ofEach(besideLog, 'flipped', flipBit),
  ...ofEach(besideLog, 'missing', (file) => rmSync(file)),
  ...ofEach(besideLog, 'empty', (file) => writeFileSync(file, '')),
  ...ofEach(besideLog, 'cut', (file, plan) =>
    truncateSync(file, plan.between(0, Math.max(1, readFileSync(file).length))),
  ),
  // What Kafka allocated in advance is zeros after a power cut.
  ...ofEach(['index', 'timeindex'], 'zero-filled', (file) => appendFileSync(file, Buffer.alloc(4096))),
  {
    name: 'noisy-epochs',
    lost: 0,
    apply: (folder, plan) => writeFileSync(join(folder, 'leader-epoch-checkpoint'), noise(plan, 100)),
  },
  {
    name: 'missing-epochs',
    lost: 0,
    apply: (folder) => rmSync(join(folder, 'leader-epoch-checkpoint'), { force: true }),
  },
]

/** Damage to what all partitions share: garbage behind the internal logs, checkpoints that are none. */
export function damageNode(dataDir: string, plan: Schedule): void {
  for (const name of readdirSync(dataDir)) {
    if (name.endsWith('-offset-checkpoint')) writeFileSync(join(dataDir, name), noise(plan, 200))
    if (!name.startsWith('__')) continue
    const logs = filesOf(join(dataDir, name), 'log')
    if (logs.length > 0) appendFileSync(logs.at(-1)!, noise(plan, plan.between(1, 300)))
  }
}
