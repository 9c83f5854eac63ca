import { type ChildProcess, spawn } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { beforeAll, describe, expect, inject, test, vi } from 'vitest'
import { kafkaJsClient } from '../clients/kafkajs-client.ts'
import { type Child, startChild } from '../support/child.ts'
import { type Codec, codecs } from './client.ts'
import { kcatCommand } from './install.ts'
import { storedCodecs } from './stored-codec.ts'

const partitions = 3
const count = 90
const timeoutMs = 30_000

type KcatRecord = {
  topic: string
  partition: number
  offset: number
  headers?: string[]
  key: string | null
  payload: string | null
}

let kcat = 'kcat'
beforeAll(async () => {
  kcat = await kcatCommand()
}, 300_000)

/** Runs kcat to its end with `input` on its standard input; gives what it printed. */
async function run(args: readonly string[], input = ''): Promise<string> {
  const child = spawn(kcat, ['-b', inject('bootstrap'), ...args], { stdio: ['pipe', 'pipe', 'pipe'] })
  const timer = setTimeout(() => child.kill('SIGKILL'), timeoutMs)
  child.stdin.end(input)
  const [output, errors, code] = await Promise.all([text(child.stdout), text(child.stderr), exitCode(child)])
  clearTimeout(timer)
  if (code !== 0) throw new Error(`kcat ${args.join(' ')} ended with ${code}: ${errors}`)
  return output
}

const exitCode = (child: ChildProcess) =>
  new Promise<number | null>((resolve) => child.once('close', resolve))

async function text(stream: AsyncIterable<Buffer>): Promise<string> {
  const chunks: Buffer[] = []
  for await (const chunk of stream) chunks.push(chunk)
  return Buffer.concat(chunks).toString('utf8')
}

async function consume(group: string, topic: string, records: number): Promise<KcatRecord[]> {
  const flags = ['-G', group, '-J', '-c', String(records), '-X', 'auto.offset.reset=earliest', topic]
  const lines = (await run(flags)).split('\n').filter((line) => line !== '')
  return lines.map((line) => JSON.parse(line) as KcatRecord)
}

/** An empty field stands for null (`-Z`). */
function fieldsAt(codec: Codec, partition: number, index: number) {
  const key = index % 5 === 3 ? null : `key ${index}`
  const payload = index % 7 === 2 ? null : `${codec} ${partition} ${index} `.repeat(1 + (index % 50))
  return { key, payload }
}

/** kcat has no call that creates a topic. */
async function createdTopic(): Promise<string> {
  const topic = `kcat-${randomUUID().slice(0, 8)}`
  await using admin = kafkaJsClient(inject('bootstrap'))
  await admin.createTopic({ topic, partitions })
  await expect.poll(() => admin.describeTopic({ topic })).toEqual({ partitions })
  return topic
}

describe('kcat', () => {
  test.each(codecs)('%s: keeps every record', async (codec) => {
    const topic = await createdTopic()
    const expected: KcatRecord[] = []
    for (let partition = 0; partition < partitions; partition++) {
      const fields = Array.from({ length: count / partitions }, (_, index) =>
        fieldsAt(codec, partition, index),
      )
      const lines = fields.map(({ key, payload }) => `${key ?? ''}\t${payload ?? ''}\n`).join('')
      const flags = ['-P', '-t', topic, '-p', String(partition), '-z', codec, '-K', '\t', '-Z']
      await run([...flags, '-H', 'origin=kcat', '-H', `partition=${partition}`], lines)
      const headers = ['origin', 'kcat', 'partition', String(partition)]
      expected.push(...fields.map((field, offset) => ({ topic, partition, offset, headers, ...field })))
    }
    if (inject('dataDir')) expect(storedCodecs(inject('dataDir'), topic, partitions)).toContain(codec)
    const received = await consume(`${topic}-group`, topic, count)
    for (let partition = 0; partition < partitions; partition++) {
      const there = received.filter((record) => record.partition === partition)
      expect(there).toMatchObject(expected.filter((record) => record.partition === partition))
    }
  })

  test('commits and resumes', async () => {
    const topic = await createdTopic()
    const lines = Array.from({ length: count }, (_, index) => `${index}\n`)
    await run(['-P', '-t', topic, '-p', '1'], lines.join(''))
    const first = await consume(`${topic}-group`, topic, 40)
    const rest = await consume(`${topic}-group`, topic, count - 40)
    expect([...first, ...rest].map(({ offset, payload }) => `${payload} at ${offset}`)).toEqual(
      lines.map((line, offset) => `${line.trim()} at ${offset}`),
    )
  })

  test('rebalances when a member joins and leaves', async () => {
    const topic = await createdTopic()
    const join = () => startChild(kcat, ['-b', inject('bootstrap'), '-G', `${topic}-group`, topic])
    await using first = join()
    await holds(first, 3)
    await using second = join()
    await vi.waitFor(
      () => {
        expect(held(second).length).toBeGreaterThan(0)
        expect([...held(first), ...held(second)].sort()).toEqual([0, 1, 2])
      },
      { timeout: timeoutMs },
    )
    await second.stop()
    await holds(first, 3)
  })

  test('lists brokers and topics', async () => {
    const topic = await createdTopic()
    const listed = JSON.parse(await run(['-L', '-J'])) as {
      brokers: { name: string }[]
      topics: { topic: string; partitions: { leader: number }[] }[]
    }
    expect(listed.brokers.map(({ name }) => name)).toEqual([inject('bootstrap')])
    expect(listed.topics.find((described) => described.topic === topic)?.partitions).toHaveLength(partitions)
  })

  test('finds an offset by time', async () => {
    const topic = await createdTopic()
    await run(['-P', '-t', topic, '-p', '0'], 'one\ntwo\n')
    expect(await run(['-Q', '-t', `${topic}:0:-1`])).toContain('offset 2')
    expect(await run(['-Q', '-t', `${topic}:0:-2`])).toContain('offset 0')
    expect(await run(['-Q', '-t', `${topic}:0:1000`])).toContain('offset 0')
  })
})

/** The partitions of a member, from the last line in which it says so. */
function held(member: Child): number[] {
  const last = member
    .output()
    .split('\n')
    .findLast((line) => line.includes(' rebalanced '))
  if (!last?.includes('assigned:')) return []
  return [...last.matchAll(/\[(\d+)\]/g)].map((match) => Number(match[1])).sort()
}

function holds(member: Child, partitionCount: number): Promise<void> {
  return vi.waitFor(() => expect(held(member)).toHaveLength(partitionCount), { timeout: timeoutMs })
}
