import { describe, expect, test } from 'vitest'
import { encodeRecordBatch } from '../../../broker/records/record-batch-builder.ts'
import { NodeFixture } from '../handlers/node-fixture.ts'

const records = () => encodeRecordBatch({ records: [{ value: 'x' }] })

/** A topic `t` with one record, deleted while its folder could not be moved. */
function withUndeletedFolder(): NodeFixture {
  const fixture = new NodeFixture()
  const { controller } = fixture.node
  controller.createTopics([{ name: 't', numPartitions: 1, replicationFactor: 1 }])
  fixture.node.partition('t', 0)!.append(records(), 'client')
  fixture.disk.fault = ({ path }) => (path.startsWith('/data/t-0') ? { code: 'EIO' } : undefined)
  expect(controller.deleteTopics([{ name: 't' }])).toMatchObject([{ errorCode: 0 }])
  controller.createTopics([{ name: 't', numPartitions: 1, replicationFactor: 1 }])
  return fixture
}

describe('a folder that could not be deleted', () => {
  test('is not opened for a new topic of that name', () => {
    const fixture = withUndeletedFolder()
    const partition = fixture.node.partition('t', 0)!
    expect(partition.append(records(), 'client')).toMatchObject({ ok: false, error: 'KAFKA_STORAGE_ERROR' })
    fixture.disk.fault = undefined
    fixture.restart()
    expect(fixture.node.partition('t', 0)!.append(records(), 'client')).toMatchObject({ firstOffset: 0 })
  })

  test('is deleted when the new topic needs it', () => {
    const fixture = withUndeletedFolder()
    fixture.disk.fault = undefined
    expect(fixture.node.partition('t', 0)!.append(records(), 'client')).toMatchObject({ firstOffset: 0 })
  })
})
