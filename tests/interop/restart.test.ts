import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, inject, test } from 'vitest'
import { type BrokerProcess, startBrokerProcess } from '../support/broker.ts'
import { startChild, untilAnswers } from '../support/child.ts'
import { freePorts } from '../support/free-port.ts'
import { kafkaClassPath } from '../support/kafka-jars.ts'
import type { GroupMode } from './client.ts'
import { programCommand } from './install.ts'
import { startProgram } from './program.ts'
import { makeRecords } from './records.ts'
import { expectKept } from './suite.ts'

/** Real clients see our broker crash (SIGKILL) and come back on the same port and data folder. */
const ours = inject('target') === 'millrace'

let home: string
let port: number
let broker: BrokerProcess

beforeEach(async () => {
  home = mkdtempSync(join(tmpdir(), 'restart-'))
  port = (await freePorts(1))[0]!
  broker = await startBrokerProcess({ port, dataDir: home })
})

afterEach(async () => {
  await broker?.close()
  rmSync(home, { recursive: true, force: true })
})

async function crashAndRestart(): Promise<void> {
  await broker.kill()
  broker = await startBrokerProcess({ port, dataDir: home })
}

describe.runIf(ours)('after a crash', () => {
  test.each(['java', 'franz', 'sarama', 'confluent', 'aiokafka'] as const)(
    '%s finds its records, its offsets and its topic',
    async (name) => {
      await using client = startProgram(await programCommand(name), broker.bootstrap)
      const [topic, group] = ['topic', 'group']
      const sent = makeRecords(name, 120, 3).map((record) =>
        record.key === null && record.value === null ? { ...record, key: '' } : record,
      )
      const mode: GroupMode = { protocol: 'classic' }
      const consume = { ...mode, topics: [topic], group, timeoutMs: 30_000 }
      await client.createTopic({ topic, partitions: 3, configs: { 'retention.ms': '-1' } })
      await client.produce({ topic, codec: 'lz4', idempotent: true, records: sent })
      const first = await client.consume({ ...consume, count: 50 })
      await crashAndRestart()
      await untilAnswers(() => client.describeTopic({ topic }).catch(() => undefined), { timeoutMs: 20_000 })
      expect(await client.topicConfig({ topic, name: 'retention.ms' })).toEqual({ value: '-1' })
      const rest = await client.consume({ ...consume, count: 70 })
      expectKept(topic, [...first.records, ...rest.records], sent)
      const { offsets } = await client.produce({
        topic,
        codec: 'none',
        idempotent: true,
        records: sent.slice(0, 3),
      })
      expect(offsets).toEqual([40, 40, 40])
    },
    90_000,
  )

  test('an idempotent producer under load loses nothing and writes nothing twice', async () => {
    const records = 400_000
    await using client = startProgram(await programCommand('franz'), broker.bootstrap)
    await client.createTopic({ topic: 'load', partitions: 4 })
    const args = ['--bootstrap-server', broker.bootstrap, '--topic', 'load', '--num-records', String(records)]
    const settings = [
      'acks=all',
      'enable.idempotence=true',
      'batch.size=32768',
      'reconnect.backoff.max.ms=200',
    ]
    await using producer = startChild('java', [
      ...['-Dmillrace.rootLevel=ERROR', '-cp', await kafkaClassPath()],
      'org.apache.kafka.tools.ProducerPerformance',
      ...args,
      ...['--record-size', '200', '--throughput', '60000', '--command-property', ...settings],
    ])
    const written = async () => {
      const { partitions } = await client.lag({ group: 'nobody', topic: 'load' })
      return partitions.reduce((sum, { end }) => sum + end, 0)
    }
    await client.consume({
      protocol: 'classic',
      topics: ['load'],
      group: 'nobody',
      count: 20_000,
      timeoutMs: 30_000,
    })
    await crashAndRestart()
    await client.consume({
      protocol: 'classic',
      topics: ['load'],
      group: 'nobody',
      count: 100_000,
      timeoutMs: 30_000,
    })
    await crashAndRestart()
    expect(await producer.exited, producer.output()).toBe(0)
    expect(producer.output()).toContain(`${records} records sent`)
    expect(await written()).toBe(records)
  }, 120_000)
})
