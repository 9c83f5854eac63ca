import { arrayOf, int8, int16, int32, int64, message, records, string, struct, uuid } from '../fields.ts'

export const fetchRequest = message(
  { name: 'FetchRequest', apiKey: 1, versions: '4-18', flexible: '12+' },
  {
    clusterId: string('12+', { nullable: '0+', tag: 0, default: null }),
    replicaId: int32('0-14', { default: -1 }),
    replicaState: struct(
      { replicaId: int32('0+', { default: -1 }), replicaEpoch: int64('0+', { default: -1 }) },
      '15+',
      { tag: 1 },
    ),
    maxWaitMs: int32(),
    minBytes: int32(),
    maxBytes: int32('0+', { default: 2147483647 }),
    isolationLevel: int8('0+', { default: 0 }),
    sessionId: int32('7+', { default: 0 }),
    sessionEpoch: int32('7+', { default: -1 }),
    topics: arrayOf({
      topic: string('0-12'),
      topicId: uuid('13+'),
      partitions: arrayOf({
        partition: int32(),
        currentLeaderEpoch: int32('9+', { default: -1 }),
        fetchOffset: int64(),
        lastFetchedEpoch: int32('12+', { default: -1 }),
        logStartOffset: int64('5+', { default: -1 }),
        partitionMaxBytes: int32(),
        replicaDirectoryId: uuid('17+', { tag: 0 }),
        highWatermark: int64('18+', { tag: 1, default: Number.MAX_SAFE_INTEGER }),
      }),
    }),
    forgottenTopicsData: arrayOf(
      { topic: string('7-12'), topicId: uuid('13+'), partitions: arrayOf(int32()) },
      '7+',
    ),
    rackId: string('11+', { default: '' }),
  },
)

export const fetchResponse = message(
  { name: 'FetchResponse', apiKey: 1, versions: '4-18', flexible: '12+' },
  {
    throttleTimeMs: int32(),
    errorCode: int16('7+'),
    sessionId: int32('7+', { default: 0 }),
    responses: arrayOf({
      topic: string('0-12'),
      topicId: uuid('13+'),
      partitions: arrayOf({
        partitionIndex: int32(),
        errorCode: int16(),
        highWatermark: int64(),
        lastStableOffset: int64('0+', { default: -1 }),
        logStartOffset: int64('5+', { default: -1 }),
        divergingEpoch: struct(
          { epoch: int32('0+', { default: -1 }), endOffset: int64('0+', { default: -1 }) },
          '12+',
          { tag: 0 },
        ),
        currentLeader: struct(
          { leaderId: int32('0+', { default: -1 }), leaderEpoch: int32('0+', { default: -1 }) },
          '12+',
          { tag: 1 },
        ),
        snapshotId: struct(
          { endOffset: int64('0+', { default: -1 }), epoch: int32('0+', { default: -1 }) },
          '12+',
          { tag: 2 },
        ),
        abortedTransactions: arrayOf({ producerId: int64(), firstOffset: int64() }, '0+', { nullable: '0+' }),
        preferredReadReplica: int32('11+', { default: -1 }),
        records: records('0+', { nullable: '0+' }),
      }),
    }),
    nodeEndpoints: arrayOf(
      {
        nodeId: int32(),
        host: string(),
        port: int32(),
        rack: string('0+', { nullable: '0+', default: null }),
      },
      '16+',
      { tag: 0 },
    ),
  },
)
