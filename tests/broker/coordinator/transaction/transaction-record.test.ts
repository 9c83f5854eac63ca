import { describe, expect, test } from 'vitest'
import {
  decodeTransaction,
  encodeTombstone,
  encodeTransaction,
} from '../../../../broker/coordinator/transaction/transaction-record.ts'

/** Records of `__transaction_state` as Apache Kafka 4.3.1 wrote them, of clients of version 1 and 2. */
const recorded: readonly (readonly [state: string, key: string, value: string])[] = [
  [
    'Empty 40/0 of 0, -',
    '0000000b72363837353173332d7478',
    '0001000000000000002800000000ea600000000001a20492f375ffffffffffffffff0100080000000000000028',
  ],
  [
    'Ongoing 40/0 of 0, r68751s3-t/0',
    '0000000b72363837353173332d7478',
    '0001000000000000002800000000ea6001020b72363837353173332d74020000000000000001a20492f378000001a20492f3780100080000000000000028',
  ],
  [
    'PrepareAbort 40/0 of 0, r68751s3-t/1,0',
    '0000000b72363837353173332d7478',
    '0001000000000000002800000000ea6003020b72363837353173332d7403000000010000000000000001a20492f396000001a20492f38d0100080000000000000028',
  ],
  [
    'CompleteAbort 40/0 of 0, -',
    '0000000b72363837353173332d7478',
    '0001000000000000002800000000ea600501000001a20492f397000001a20492f38d0100080000000000000028',
  ],
  [
    'PrepareCommit 42/1 of 2, r68751s5-t/0',
    '0000000b72363837353173352d7478',
    '0001000000000000002a00010000ea6002020b72363837353173352d74020000000000000001a20492f468000001a20492f465020008000000000000002a02020002',
  ],
  [
    'CompleteCommit 42/1 of 2, -',
    '0000000b72363837353173352d7478',
    '0001000000000000002a00010000ea600401000001a20492f468000001a20492f465020008000000000000002a02020002',
  ],
  [
    'Empty 44/2 of 2, -',
    '0000000b72363837353173372d7478',
    '0001000000000000002c00020000ea600000000001a20492f582ffffffffffffffff020008000000000000002c02020002',
  ],
]

describe('records of transactions', () => {
  test.each(recorded)('%s', (state, key, value) => {
    const { transaction } = decodeTransaction(Buffer.from(key, 'hex'), Buffer.from(value, 'hex'))!
    const { producerId, producerEpoch, clientVersion, partitions } = transaction!
    const where = [...partitions].map(([topic, indexes]) => `${topic}/${[...indexes].join(',')}`)
    const who = `${transaction!.state} ${producerId}/${producerEpoch} of ${clientVersion}`
    expect(`${who}, ${where.join(' ') || '-'}`).toBe(state)
    const encoded = encodeTransaction(transaction!)
    expect(encoded.key.toString('hex')).toBe(key)
    expect(encoded.value?.toString('hex')).toBe(value)
  })

  test('a tombstone names its transactional id', () => {
    const { key, value } = encodeTombstone('tx')
    expect(decodeTransaction(key, value)).toEqual({ transactionalId: 'tx', transaction: null })
  })

  test('what is newer than us is skipped, what is no state is told', () => {
    const [, key, value] = recorded[0]!
    const newer = Buffer.from(value, 'hex')
    newer.writeInt16BE(2, 0)
    expect(decodeTransaction(Buffer.from(key, 'hex'), newer)).toBeUndefined()
    expect(decodeTransaction(Buffer.from('0001', 'hex'), null)).toBeUndefined()
    const dead = Buffer.from(value, 'hex')
    dead.writeInt8(6, 16)
    expect(() => decodeTransaction(Buffer.from(key, 'hex'), dead)).toThrow(RangeError)
    expect(() => decodeTransaction(Buffer.from(key, 'hex'), Buffer.from('0001', 'hex'))).toThrow()
  })
})
