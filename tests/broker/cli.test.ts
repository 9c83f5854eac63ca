import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { WireClient } from '../../broker/protocol/client.ts'
import { produceRequest, produceResponse } from '../../broker/protocol/schemas/00-produce.ts'
import { fetchRequest, fetchResponse } from '../../broker/protocol/schemas/01-fetch.ts'
import { metadataRequest, metadataResponse } from '../../broker/protocol/schemas/03-metadata.ts'
import {
  initProducerIdRequest,
  initProducerIdResponse,
} from '../../broker/protocol/schemas/22-init-producer-id.ts'
import { recordsOf } from '../../broker/records/record.ts'
import { batchesOf } from '../../broker/records/record-batch.ts'
import { encodeRecordBatch } from '../../broker/records/record-batch-builder.ts'
import { type Child, startChild } from '../support/child.ts'
import { until } from './server/broker-fixture.ts'

const root = resolve(import.meta.dirname, '../..')
let home = ''
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'millrace-cli-'))
})
afterEach(() => rmSync(home, { recursive: true, force: true }))

const cli = (...flags: string[]) => startChild(process.execPath, ['broker/cli.ts', ...flags], { cwd: root })

/** Waits for the line that says where it listens. */
async function listening(child: Child): Promise<number> {
  const line = /^Kafka listening on 127\.0\.0\.1:(\d+)$/m
  await until(() => line.test(child.output()) || child.exitCode() !== null)
  const port = line.exec(child.output())?.[1]
  expect(port, child.output()).toBeDefined()
  return Number(port)
}

const start = async () => {
  const child = cli('--kafka-port', '0', '--data', join(home, 'data'))
  return { child, port: await listening(child) }
}

describe('the command line', () => {
  test('--help names every flag', async () => {
    await using child = cli('--help')
    expect(await child.exited).toBe(0)
    for (const flag of ['--kafka-port', '--host', '--advertised-host', '--data', '--ephemeral', '--config']) {
      expect(child.output()).toContain(flag)
    }
  })

  test.each([
    [['--kafka-port', 'x'], '--kafka-port x'],
    [['--kafka-port', '70000'], '--kafka-port 70000'],
    [['--nonsense'], '--nonsense'],
    [['--kafka-port', '0', '--config', 'nonsense=1'], 'nonsense'],
    [['--kafka-port', '0', '--config', 'num.partitions=zero'], 'num.partitions'],
  ])('%j is one clear line and exit code 1', async (flags, named) => {
    await using child = cli('--data', join(home, 'data'), ...flags)
    expect(await child.exited).toBe(1)
    expect(child.output()).toContain(named)
    expect(child.output().trim().split('\n').length).toBeLessThanOrEqual(2)
  })

  test('a folder or a port in use is one clear line and exit code 1', async () => {
    const { child, port } = await start()
    await using _first = child
    await using folder = cli('--kafka-port', '0', '--data', join(home, 'data'))
    expect(await folder.exited).toBe(1)
    expect(folder.output()).toMatch(/^The data folder .* is in use by process \d+ .*\n$/)
    await using second = cli('--kafka-port', String(port), '--data', join(home, 'other'))
    expect(await second.exited).toBe(1)
    expect(second.output()).toMatch(/^Port \d+ on 127\.0\.0\.1 is in use.*\n$/)
  })

  test('a port that another program has is told as such', async () => {
    const server = createServer().listen(0, '127.0.0.1')
    await new Promise((resolve) => server.once('listening', resolve))
    const { port } = server.address() as { port: number }
    await using child = cli('--kafka-port', String(port), '--data', join(home, 'data'))
    expect(await child.exited).toBe(1)
    expect(child.output()).toContain(`Port ${port}`)
    server.close()
  })

  test.each(['SIGTERM', 'SIGINT'] as const)('%s shuts down cleanly', async (signal) => {
    const { child } = await start()
    child.signal(signal)
    expect(await child.exited).toBe(0)
    expect(existsSync(join(home, 'data', '.kafka_cleanshutdown'))).toBe(true)
    expect(child.output().trim().split('\n')).toHaveLength(1)
  })

  test('--ephemeral leaves nothing behind', async () => {
    const child = startChild(process.execPath, ['broker/cli.ts', '--kafka-port', '0', '--ephemeral'], {
      cwd: root,
      env: { ...process.env, TMPDIR: home },
    })
    await listening(child)
    expect(readdirSync(home)).toHaveLength(1)
    child.signal('SIGTERM')
    expect(await child.exited).toBe(0)
    expect(readdirSync(home)).toEqual([])
  })
})

describe('kill -9', () => {
  const producerIdOf = async (client: WireClient) =>
    client.send(initProducerIdRequest, initProducerIdResponse, 4, {
      transactionalId: null,
      transactionTimeoutMs: 1,
    })

  /** Produces until the broker dies under it; gives the values that were acknowledged, by offset. */
  async function produceUntilKilled(client: WireClient, child: Child, killAfter: number, round: number) {
    const acked = new Map<number, string>()
    for (let count = 0; ; count++) {
      const value = `${round}-${count}-${'x'.repeat(count % 5000)}`
      const records = encodeRecordBatch({ records: [{ value }], timestampMs: Date.now() })
      const topicData = [{ name: 't', partitionData: [{ index: 0, records }] }]
      if (count === killAfter) child.signal('SIGKILL')
      try {
        const body = { acks: -1, timeoutMs: 1000, topicData }
        const { responses } = await client.send(produceRequest, produceResponse, 7, body)
        const partition = responses[0]!.partitionResponses[0]!
        expect(partition.errorCode).toBe(0)
        acked.set(partition.baseOffset, value)
      } catch {
        return acked
      }
    }
  }

  async function readAll(client: WireClient): Promise<Map<number, string>> {
    const values = new Map<number, string>()
    for (let fetchOffset = 0; ; ) {
      const partitions = [{ partition: 0, fetchOffset, partitionMaxBytes: 1_000_000 }]
      const { responses } = await client.send(fetchRequest, fetchResponse, 11, {
        maxWaitMs: 0,
        minBytes: 0,
        topics: [{ topic: 't', partitions }],
        forgottenTopicsData: [],
      })
      const before = fetchOffset
      for (const batch of batchesOf(responses[0]!.partitions[0]!.records!)) {
        for (const { offset, value } of recordsOf(batch)) values.set(offset, value!.toString())
        fetchOffset = batch.nextOffset
      }
      if (fetchOffset === before) return values
    }
  }

  test('every acknowledged record, topic and producer id survives', async () => {
    const acked = new Map<number, string>()
    const producerIds = new Set<number>()
    for (const [round, killAfter] of [20, 150, 300].entries()) {
      const { child, port } = await start()
      await using _child = child
      await using client = await WireClient.connect({ port })
      const { topics } = await client.send(metadataRequest, metadataResponse, 8, { topics: [{ name: 't' }] })
      expect(topics[0]?.errorCode).toBe(0)
      const { producerId } = await producerIdOf(client)
      expect(producerIds.has(producerId)).toBe(false)
      producerIds.add(producerId)
      for (const [offset, value] of await produceUntilKilled(client, child, killAfter, round)) {
        expect(acked.has(offset)).toBe(false)
        acked.set(offset, value)
      }
    }
    const { child, port } = await start()
    await using _child = child
    await using client = await WireClient.connect({ port })
    const stored = await readAll(client)
    expect(acked.size).toBeGreaterThan(400)
    for (const [offset, value] of acked) expect(stored.get(offset)).toBe(value)
  }, 60_000)
})
