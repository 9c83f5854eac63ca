import { describe, expect, test } from 'vitest'
import { MemoryDisk } from '../../../broker/core/memory-disk.ts'
import { errorCode } from '../../../broker/protocol/error-codes.ts'
import { produceRequest, produceResponse } from '../../../broker/protocol/schemas/00-produce.ts'
import {
  initProducerIdRequest,
  initProducerIdResponse,
} from '../../../broker/protocol/schemas/22-init-producer-id.ts'
import { encodeRecordBatch, type NewRecordBatch } from '../../../broker/records/record-batch-builder.ts'
import { NodeFixture } from './node-fixture.ts'

const zeroId = 'AAAAAAAAAAAAAAAAAAAAAA'

function withTopic(configs: Record<string, string> = {}, disk = new MemoryDisk()) {
  const fixture = new NodeFixture({}, disk)
  fixture.node.controller.createTopics([
    { name: 't', numPartitions: 2, replicationFactor: 1, configs: new Map(Object.entries(configs)) },
  ])
  return fixture
}

function batch(fixture: NodeFixture, more: Partial<NewRecordBatch> = {}): Buffer {
  return encodeRecordBatch({
    records: [{ key: 'k', value: 'v' }],
    timestampMs: fixture.clock.nowMs(),
    ...more,
  })
}

type Given = { version?: number; acks?: number; index?: number; name?: string; topicId?: string }

async function send(fixture: NodeFixture, records: Buffer | null, given: Given = {}) {
  const { version = 11, acks = -1, index = 0, name = 't', topicId = zeroId } = given
  const { responses } = await fixture.ask(produceRequest, produceResponse, version, {
    acks,
    timeoutMs: 1000,
    topicData: [{ name, topicId, partitionData: [{ index, records }] }],
  })
  return responses[0]!.partitionResponses[0]!
}

describe('Produce', () => {
  test.each([3, 4, 5, 6, 7, 8, 9, 10, 11, 12])('v%i appends and answers the offset', async (version) => {
    const fixture = withTopic()
    expect(await send(fixture, batch(fixture), { version })).toMatchObject({ errorCode: 0, baseOffset: 0 })
    expect(await send(fixture, batch(fixture), { version })).toMatchObject({
      errorCode: 0,
      baseOffset: 1,
      logAppendTimeMs: -1,
      ...(version >= 5 ? { logStartOffset: 0 } : {}),
    })
  })

  test('v13 names topics by id', async () => {
    const fixture = withTopic()
    const { topicId } = fixture.node.image.topic('t')!
    expect(await send(fixture, batch(fixture), { version: 13, topicId })).toMatchObject({ errorCode: 0 })
    const unknown = await send(fixture, batch(fixture), { version: 13, topicId: 'p5l4BigWQ76Hnu2TLAn6RA' })
    expect(unknown).toMatchObject({ errorCode: errorCode.unknownTopicId, index: 0, baseOffset: -1 })
  })

  test('makes the folder of a partition at its first append', async () => {
    const fixture = withTopic()
    expect(fixture.disk.stat('/data/t-0')).toBeUndefined()
    await send(fixture, batch(fixture))
    expect(fixture.disk.stat('/data/t-0/00000000000000000000.log')).toBeDefined()
    expect(fixture.disk.stat('/data/t-1')).toBeUndefined()
  })

  test('answers errors by partition', async () => {
    const fixture = withTopic()
    const code = async (records: Buffer | null, given: Given = {}) =>
      (await send(fixture, records, given)).errorCode
    expect(await code(batch(fixture), { name: 'nope' })).toBe(errorCode.unknownTopicOrPartition)
    expect(await code(batch(fixture), { index: 2 })).toBe(errorCode.unknownTopicOrPartition)
    expect(await code(batch(fixture), { acks: 2 })).toBe(errorCode.invalidRequiredAcks)
    expect(await code(null)).toBe(errorCode.invalidRecord)
    expect(await code(Buffer.alloc(0))).toBe(errorCode.invalidRecord)
    expect(await code(batch(fixture).subarray(0, 40))).toBe(errorCode.invalidRecord)
    expect(await code(Buffer.concat([batch(fixture), batch(fixture)]))).toBe(errorCode.invalidRecord)
    const alien = { isTransactional: true, producerId: 7, producerEpoch: 0, baseSequence: 0 }
    expect(await code(batch(fixture, alien))).toBe(errorCode.transactionalIdAuthorizationFailed)
    expect(fixture.node.partition('t', 0)?.logEndOffset).toBe(0)
  })

  test('refuses a damaged batch, old magic, and zstd before v7', async () => {
    const fixture = withTopic()
    const damaged = batch(fixture)
    damaged[damaged.length - 1]! ^= 1
    expect((await send(fixture, damaged)).errorCode).toBe(errorCode.corruptMessage)
    const old = batch(fixture)
    old[16] = 1
    expect((await send(fixture, old)).errorCode).toBe(errorCode.invalidRecord)
    const zstd = batch(fixture, { compression: 'zstd' })
    expect((await send(fixture, zstd, { version: 6 })).errorCode).toBe(errorCode.unsupportedCompressionType)
    expect((await send(fixture, zstd, { version: 7 })).errorCode).toBe(0)
  })

  test('holds max.message.bytes, null keys of compacted topics and min.insync.replicas', async () => {
    const small = withTopic({ 'max.message.bytes': '100' })
    const large = batch(small, { records: [{ value: 'x'.repeat(200) }] })
    expect((await send(small, large)).errorCode).toBe(errorCode.messageTooLarge)
    const compacted = withTopic({ 'cleanup.policy': 'compact' })
    const keyless = await send(compacted, batch(compacted, { records: [{ value: 'v' }] }))
    expect(keyless).toMatchObject({
      errorCode: errorCode.invalidRecord,
      recordErrors: [{ batchIndex: 0 }],
      logStartOffset: 0,
    })
    const careful = withTopic({ 'min.insync.replicas': '2' })
    expect((await send(careful, batch(careful))).errorCode).toBe(errorCode.notEnoughReplicas)
    expect((await send(careful, batch(careful), { acks: 1 })).errorCode).toBe(0)
  })

  test('stamps records where the topic says LogAppendTime', async () => {
    const fixture = withTopic({ 'message.timestamp.type': 'LogAppendTime' })
    expect(await send(fixture, batch(fixture))).toMatchObject({ logAppendTimeMs: fixture.clock.nowMs() })
  })

  test('keeps clients out of the internal topics', async () => {
    const fixture = new NodeFixture()
    fixture.node.createTopicByName('__consumer_offsets')
    const answer = await send(fixture, batch(fixture), { name: '__consumer_offsets' })
    expect(answer.errorCode).toBe(errorCode.invalidTopicException)
  })

  test('acks=0 is not answered, and hangs up when it fails', async () => {
    const fixture = withTopic()
    const records = batch(fixture)
    await expect(send(fixture, records, { acks: 0 })).rejects.toThrow()
    expect(fixture.node.partition('t', 0)?.logEndOffset).toBe(1)
    await expect(send(fixture, records, { acks: 0, name: 'nope' })).rejects.toThrow('acks=0')
  })

  test('an offline partition answers KAFKA_STORAGE_ERROR, the others go on', async () => {
    const disk = new MemoryDisk()
    const fixture = withTopic({}, disk)
    disk.fault = ({ operation, path }) =>
      operation === 'write' && path.includes('t-0') ? { code: 'EIO' } : undefined
    const failed = await send(fixture, batch(fixture))
    expect(failed).toMatchObject({ errorCode: errorCode.kafkaStorageError })
    expect(failed.errorMessage).toContain('EIO')
    disk.fault = undefined
    expect((await send(fixture, batch(fixture))).errorCode).toBe(errorCode.kafkaStorageError)
    expect((await send(fixture, batch(fixture), { index: 1 })).errorCode).toBe(0)
  })
})

describe('the idempotent producer', () => {
  const initProducerId = async (fixture: NodeFixture, transactionalId: string | null = null) =>
    fixture.ask(initProducerIdRequest, initProducerIdResponse, 5, {
      transactionalId,
      transactionTimeoutMs: 1000,
    })

  test('a duplicate gets its first offset back, a gap is refused', async () => {
    const fixture = withTopic()
    const { producerId, producerEpoch } = await initProducerId(fixture)
    const numbered = (baseSequence: number) => batch(fixture, { producerId, producerEpoch, baseSequence })
    expect(await send(fixture, numbered(0))).toMatchObject({ errorCode: 0, baseOffset: 0 })
    expect(await send(fixture, numbered(1))).toMatchObject({ errorCode: 0, baseOffset: 1 })
    expect(await send(fixture, numbered(0))).toMatchObject({ errorCode: 0, baseOffset: 0 })
    expect((await send(fixture, numbered(3))).errorCode).toBe(errorCode.outOfOrderSequenceNumber)
    expect(fixture.node.partition('t', 0)?.logEndOffset).toBe(2)
  })

  test('ids are never given twice, not after a restart either', async () => {
    const fixture = withTopic()
    const seen = new Set<number>()
    for (let round = 0; round < 3; round++) {
      for (let count = 0; count < 600; count++) seen.add((await initProducerId(fixture)).producerId)
      fixture.restart()
    }
    expect(seen.size).toBe(1800)
  })

  test('an empty transactional id is refused', async () => {
    const fixture = withTopic()
    expect((await initProducerId(fixture, '')).errorCode).toBe(errorCode.invalidRequest)
  })
})

test('a transaction goes on at an offline partition as any producer does: by trying again', async () => {
  const disk = new MemoryDisk()
  const fixture = withTopic({}, disk)
  fixture.node.createTopicByName('__transaction_state')
  await fixture.startCoordinators()
  const identity = await fixture.ask(initProducerIdRequest, initProducerIdResponse, 4, {
    transactionalId: 'id',
    transactionTimeoutMs: 60_000,
  })
  const { producerId, producerEpoch } = identity
  const sendTransactional = async (baseSequence: number) => {
    const records = batch(fixture, { producerId, producerEpoch, baseSequence, isTransactional: true })
    const { responses } = await fixture.ask(produceRequest, produceResponse, 12, {
      transactionalId: 'id',
      acks: -1,
      timeoutMs: 1000,
      topicData: [{ name: 't', partitionData: [{ index: 0, records }] }],
    })
    return responses[0]!.partitionResponses[0]!.errorCode
  }
  expect(await sendTransactional(0)).toBe(errorCode.none)
  disk.fault = ({ operation }) => (operation === 'write' ? { code: 'EIO' } : undefined)
  expect(await sendTransactional(1)).toBe(errorCode.kafkaStorageError)
  expect(await sendTransactional(1)).toBe(errorCode.kafkaStorageError)
})
