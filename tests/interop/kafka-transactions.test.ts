import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, expect, inject, test } from 'vitest'
import { programCommand } from './install.ts'
import { runJava } from './java-tool.ts'
import { type Program, startProgram } from './program.ts'
import { makeRecords } from './records.ts'

/** `kafka-transactions` looks at a transaction that franz-go holds open, and ends it. */
const topic = `hanging-${randomUUID().slice(0, 8)}`
let client: Program

beforeAll(async () => {
  client = startProgram(await programCommand('franz'), inject('bootstrap'))
  await client.createTopic({ topic, partitions: 2 })
  const transactionTimeoutMs = 600_000
  await client.transaction({ op: 'open', producer: 'p', transactionalId: topic, transactionTimeoutMs })
  await client.transaction({ op: 'begin', producer: 'p' })
  await client.transaction({ op: 'send', producer: 'p', topic, records: makeRecords('hanging', 6, 2) })
}, 120_000)

afterAll(() => client?.[Symbol.asyncDispose]())

/** The rows of the table that the tool prints, as cells by the name of their column. */
async function table(args: readonly string[]): Promise<Record<string, string>[]> {
  const [head, ...rows] = (await run(args)).map((line) => line.split(/\s+/))
  return rows.map((cells) => Object.fromEntries(head!.map((name, index) => [name, cells[index] ?? ''])))
}

async function run(args: readonly string[]): Promise<string[]> {
  const all = ['--bootstrap-server', inject('bootstrap'), ...args]
  const { code, output } = await runJava('org.apache.kafka.tools.TransactionsCommand', all, {
    timeoutMs: 100_000,
  })
  expect(code, output).toBe(0)
  const lines = output.split('\n').map((line) => line.trim())
  return lines.filter((line) => line !== '' && !line.includes('log4j'))
}

const producersOf = (partition: number) =>
  table(['describe-producers', '--topic', topic, '--partition', String(partition)])

test('lists and describes an open transaction and its producer', async () => {
  const listed = (await table(['list'])).find((row) => row.TransactionalId === topic)
  expect(listed).toMatchObject({ TransactionState: 'Ongoing' })
  const [described] = await table(['describe', '--transactional-id', topic])
  expect(described).toMatchObject({ TransactionalId: topic, TransactionState: 'Ongoing' })
  expect(described!.ProducerId).toBe(listed!.ProducerId)
  expect(described!.TopicPartitions!.split(',').sort()).toEqual([`${topic}-0`, `${topic}-1`])
  const [producer] = await producersOf(0)
  expect(producer).toMatchObject({
    ProducerId: listed!.ProducerId,
    LastSequence: '2',
    CurrentTransactionStartOffset: '0',
  })
}, 240_000)

test('finds no hanging transaction while the coordinator knows it', async () => {
  const broker = /^\d+$/.exec(
    (await table(['list'])).find((row) => row.TransactionalId === topic)!.Coordinator!,
  )![0]
  expect(await table(['find-hanging', '--broker-id', broker, '--max-transaction-timeout', '0'])).toEqual([])
}, 240_000)

test('aborts it on a partition', async () => {
  await run(['abort', '--topic', topic, '--partition', '0', '--start-offset', '0'])
  const starts = [(await producersOf(0))[0], (await producersOf(1))[0]].map(
    (producer) => producer?.CurrentTransactionStartOffset,
  )
  expect(starts).toEqual(['None', '0'])
}, 240_000)
