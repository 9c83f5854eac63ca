import { describe, expect, test } from 'vitest'
import { decodeMetadataRecord, encodeMetadataRecord } from '../../../broker/cluster/metadata-records.ts'
import { encodeBuffer } from '../../../broker/protocol/codec.ts'
import { partitionRecord } from '../../../broker/protocol/records/metadata.ts'

describe('metadata records', () => {
  test('have the bytes of Apache Kafka: frame version, type, version, then the record', () => {
    const topicId = 'AAAAAAAAAAAAAAAAAAAAAQ'
    const bytes = encodeMetadataRecord({ type: 'topic', data: { name: 'foo', topicId } })
    expect(bytes.toString('hex')).toBe('01020004666f6f0000000000000000000000000000000100')
    const feature = encodeMetadataRecord({
      type: 'featureLevel',
      data: { name: 'group.version', featureLevel: 1 },
    })
    expect(feature.toString('hex')).toBe('010c000e67726f75702e76657273696f6e000100')
  })

  test('come back as they went, tagged fields at their defaults', () => {
    const data = {
      partitionId: 3,
      topicId: 'AAAAAAAAAAAAAAAAAAAAAQ',
      replicas: [0, 1],
      isr: [0],
      removingReplicas: [],
      addingReplicas: [],
      leader: 0,
      leaderEpoch: 4,
      partitionEpoch: 5,
    }
    const replayed = decodeMetadataRecord(encodeMetadataRecord({ type: 'partition', data }))
    expect(replayed).toMatchObject({ type: 'partition', data: { ...data, leaderRecoveryState: 0 } })
    const change = { partitionId: 3, topicId: data.topicId, isr: [1], leader: 1 }
    expect(
      decodeMetadataRecord(encodeMetadataRecord({ type: 'partitionChange', data: change })).data,
    ).toMatchObject({ ...change, replicas: null })
  })

  test('of later versions are read, and written in the version without directories', () => {
    const topicId = 'AAAAAAAAAAAAAAAAAAAAAQ'
    const data = {
      partitionId: 1,
      topicId,
      replicas: [0],
      isr: [0],
      removingReplicas: [],
      addingReplicas: [],
    }
    const body = { ...data, leader: 0, leaderEpoch: 0, partitionEpoch: 0, directories: [topicId] }
    const later = Buffer.concat([Buffer.of(1, 3, 1), encodeBuffer(partitionRecord, 1, body)])
    const replayed = decodeMetadataRecord(later)
    expect(replayed.data).toMatchObject(body)
    expect(encodeMetadataRecord({ type: 'partition', data }).subarray(0, 3)).toEqual(Buffer.of(1, 3, 0))
    expect(
      encodeMetadataRecord({
        type: 'registerBroker',
        data: {
          brokerId: 0,
          incarnationId: topicId,
          brokerEpoch: 0,
          endPoints: [],
          features: [],
          rack: null,
        },
      }).subarray(0, 3),
    ).toEqual(Buffer.of(1, 0, 1))
  })

  test('of a kind that is not known are refused', () => {
    expect(() => decodeMetadataRecord(Buffer.from('016300', 'hex'))).toThrow('type 99')
    expect(() => decodeMetadataRecord(Buffer.from('0202', 'hex'))).toThrow('frame version 2')
  })
})
