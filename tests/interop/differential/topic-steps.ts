import { produceRequest, produceResponse } from '../../../broker/protocol/schemas/00-produce.ts'
import {
  createTopicsRequest,
  createTopicsResponse,
} from '../../../broker/protocol/schemas/19-create-topics.ts'
import {
  deleteTopicsRequest,
  deleteTopicsResponse,
} from '../../../broker/protocol/schemas/20-delete-topics.ts'
import {
  deleteRecordsRequest,
  deleteRecordsResponse,
} from '../../../broker/protocol/schemas/21-delete-records.ts'
import {
  describeLogDirsRequest,
  describeLogDirsResponse,
} from '../../../broker/protocol/schemas/35-describe-log-dirs.ts'
import {
  createPartitionsRequest,
  createPartitionsResponse,
} from '../../../broker/protocol/schemas/37-create-partitions.ts'
import { encodeRecordBatch } from '../../../broker/records/record-batch-builder.ts'
import { inVersions, type Step, step, type World } from './script.ts'

const zero = 'AAAAAAAAAAAAAAAAAAAAAA'
const unknownId = 'p5l4BigWQ76Hnu2TLAn6RA'
/** Not so old that Kafka's retention, which looks for the first time after half a minute, takes them away. */
const recordTimestampMs = Date.now() - 1_000

type Topic = Partial<{
  numPartitions: number
  replicationFactor: number
  assignments: { partitionIndex: number; brokerIds: number[] }[]
  configs: { name: string; value: string | null }[]
}>

function topic(name: string, given: Topic = {}) {
  return { name, numPartitions: 1, replicationFactor: 1, assignments: [], configs: [], ...given }
}

function assigned(name: string, brokerIds: number[][], given: Topic = {}) {
  const assignments = brokerIds.map((ids, partitionIndex) => ({ partitionIndex, brokerIds: ids }))
  return topic(name, { numPartitions: -1, replicationFactor: -1, assignments, ...given })
}

function config(name: string, configs: Record<string, string | null>) {
  return topic(name, { configs: Object.entries(configs).map(([key, value]) => ({ name: key, value })) })
}

type Topics = ReturnType<typeof topic>[]

function create(
  name: string,
  topics: Topics | ((world: World) => Topics),
  options: CreateOptions = {},
): Step {
  const { validateOnly = false, version = 7, sameWords = false } = options
  return step(
    name,
    createTopicsRequest,
    createTopicsResponse,
    version,
    (world) => ({
      topics: typeof topics === 'function' ? topics(world) : topics,
      timeoutMs: 5000,
      validateOnly,
    }),
    { sameWords },
  )
}

type CreateOptions = { validateOnly?: boolean; version?: number; sameWords?: boolean }
const dry = { validateOnly: true }
const words = { validateOnly: true, sameWords: true }

const createSteps: Step[] = [
  ...inVersions('a topic of two partitions', createTopicsRequest, createTopicsResponse, (version) => ({
    topics: [topic(`in-v${version}`, { numPartitions: 2 })],
    timeoutMs: 5000,
  })),
  create('the defaults', [topic('defaults', { numPartitions: -1, replicationFactor: -1 })]),
  create('validated only', [topic('never')], dry),
  create('with configs', [
    config('configured', { 'retention.ms': ' 77 ', 'cleanup.policy': 'compact,compact' }),
  ]),
  create('no topics', []),
  create('bad names', [topic(''), topic('.'), topic('..'), topic('a b'), topic('ü'), topic('x'.repeat(250))]),
  create('a name with a dot', [topic('a.b')]),
  create('a name that collides', [topic('a_b')]),
  create('a name that exists', [topic('a.b')]),
  create('a name that exists, validated only', [topic('a.b')], dry),
  create('a name that exists goes before a bad config', [config('a.b', { nope: '1' })]),
  create('the metadata topic', [topic('__cluster_metadata')]),
  create('a name twice', [topic('twice'), topic('twice'), topic('once')]),
  create('bad counts', [
    topic('p0', { numPartitions: 0 }),
    topic('p-2', { numPartitions: -2 }),
    topic('r0', { replicationFactor: 0 }),
    topic('r-2', { replicationFactor: -2 }),
    topic('r2', { replicationFactor: 2 }),
    topic('both', { numPartitions: 0, replicationFactor: 0 }),
  ]),
  create('too many partitions', [topic('big', { numPartitions: 10_001 })], dry),
  create(
    'too many partitions together',
    [topic('b1', { numPartitions: 9000 }), topic('b2', { numPartitions: 2000 })],
    dry,
  ),
  create('assignments', ({ nodeId }) => [
    assigned('as-good', [[nodeId], [nodeId]]),
    assigned('as-count', [[nodeId]], { numPartitions: 1 }),
    assigned('as-factor', [[nodeId]], { replicationFactor: 1 }),
    assigned('as-unknown', [[77]]),
    assigned('as-twice', [[nodeId, nodeId]]),
    assigned('as-empty', [[]]),
    assigned('as-uneven', [[nodeId], [nodeId, 77]]),
    assigned('as-gap', [], { assignments: [{ partitionIndex: 1, brokerIds: [nodeId] }] }),
    assigned('as-negative', [], { assignments: [{ partitionIndex: -1, brokerIds: [nodeId] }] }),
    assigned('as-same', [], {
      assignments: [
        { partitionIndex: 0, brokerIds: [nodeId] },
        { partitionIndex: 0, brokerIds: [nodeId] },
      ],
    }),
  ]),
  create(
    'bad configs',
    [
      config('k1', { nope: '1' }),
      config('k2', { 'retention.ms': 'x' }),
      config('k3', { 'retention.ms': null }),
      config('k4', { 'segment.bytes': '100' }),
      config('k5', { 'cleanup.policy': 'foo' }),
      config('k6', { 'cleanup.policy': 'compact,,delete' }),
      config('k7', { 'remote.storage.enable': 'true' }),
      config('k8', { 'min.compaction.lag.ms': '10', 'max.compaction.lag.ms': '5' }),
      config('k9', { 'compression.type': 'lz5' }),
      config('k10', { 'compression.gzip.level': '10' }),
      config('k11', { 'leader.replication.throttled.replicas': 'x,y' }),
      config('k12', { 'min.cleanable.dirty.ratio': '1.5' }),
      config('k13', { 'min.cleanable.dirty.ratio': 'x' }),
      config('k14', { 'segment.bytes': '99999999999' }),
      config('k15', { 'message.timestamp.type': 'Never' }),
      config('k16', { 'retention.ms': '-2' }),
      config('k17', { 'max.message.bytes': '-1' }),
      config('k18', { 'unclean.leader.election.enable': 'perhaps' }),
      config('k19', { 'min.insync.replicas': '0' }),
      config('k20', { 'index.interval.bytes': '' }),
    ],
    words,
  ),
  create(
    'good configs',
    [
      config('g1', { 'cleanup.policy': '' }),
      config('g2', { 'cleanup.policy': 'compact, delete' }),
      config('g3', { 'local.retention.ms': '99999999999' }),
      config('g4', { 'flush.ms': '9223372036854775807', 'flush.messages': '1' }),
      config('g5', { 'min.cleanable.dirty.ratio': '1', 'retention.bytes': '-5' }),
      config('g6', { 'remote.storage.enable': 'FALSE', 'follower.replication.throttled.replicas': '*' }),
    ],
    words,
  ),
]

const partitionSteps: Step[] = [
  ...inVersions('unknown topic', createPartitionsRequest, createPartitionsResponse, () => ({
    topics: [{ name: 'nope', count: 3, assignments: null }],
    timeoutMs: 5000,
    validateOnly: false,
  })),
  partitions('validated only', [{ name: 'a.b', count: 3 }], true),
  partitions('one more', [{ name: 'a.b', count: 2 }]),
  partitions('as many as there are', [{ name: 'a.b', count: 2 }]),
  partitions('fewer', [
    { name: 'a.b', count: 1 },
    { name: 'once', count: 0 },
    { name: 'defaults', count: -1 },
  ]),
  partitions('a topic twice', [
    { name: 'a.b', count: 5 },
    { name: 'a.b', count: 6 },
    { name: 'once', count: 2 },
  ]),
  partitions('assigned', (id) => [{ name: 'a.b', count: 3, assignments: [{ brokerIds: [id] }] }]),
  partitions('too many assignments', (id) => [
    { name: 'a.b', count: 4, assignments: [{ brokerIds: [id] }, { brokerIds: [id] }] },
  ]),
  partitions('too few assignments', (id) => [{ name: 'a.b', count: 5, assignments: [{ brokerIds: [id] }] }]),
  partitions('no assignments', [{ name: 'a.b', count: 5, assignments: [] }]),
  partitions('bad assignments', (id) => [
    { name: 'a.b', count: 4, assignments: [{ brokerIds: [77] }] },
    { name: 'once', count: 3, assignments: [{ brokerIds: [] }] },
    { name: 'defaults', count: 2, assignments: [{ brokerIds: [id, id] }] },
  ]),
  partitions('the empty name', [{ name: '', count: 4 }]),
  partitions('nothing', []),
]

type Grown = { name: string; count: number; assignments?: { brokerIds: number[] }[] }

function partitions(
  name: string,
  topics: Grown[] | ((nodeId: number) => Grown[]),
  validateOnly = false,
): Step {
  return step(name, createPartitionsRequest, createPartitionsResponse, 3, ({ nodeId }) => ({
    topics: (typeof topics === 'function' ? topics(nodeId) : topics).map((each) => ({
      assignments: null,
      ...each,
    })),
    timeoutMs: 5000,
    validateOnly,
  }))
}

/** Three batches of three records. */
const produceSteps: Step[] = [0, 1, 2].map((batch) =>
  step(`batch ${batch}`, produceRequest, produceResponse, 9, {
    transactionalId: null,
    acks: -1,
    timeoutMs: 5000,
    topicData: [
      {
        name: 'in-v7',
        partitionData: [
          {
            index: 0,
            records: encodeRecordBatch({
              records: ['a', 'b', 'c'].map((value) => ({ key: `${batch}`, value })),
              timestampMs: recordTimestampMs,
            }),
          },
        ],
      },
    ],
  }),
)

const recordSteps: Step[] = [
  ...inVersions('to the start and the end', deleteRecordsRequest, deleteRecordsResponse, () => ({
    topics: [
      {
        name: 'in-v7',
        partitions: [
          { partitionIndex: 0, offset: 0 },
          { partitionIndex: 1, offset: -1 },
        ],
      },
    ],
    timeoutMs: 5000,
  })),
  records('bad offsets and partitions', {
    'in-v7': [
      [0, -2],
      [1, 5],
      [9, 0],
      [-1, 0],
    ],
    nope: [[0, 0]],
    __cluster_metadata: [[0, 0]],
  }),
  records('a compacted topic', { configured: [[0, 0]] }),
  records('a partition twice', {
    'in-v7': [
      [0, -2],
      [0, 0],
    ],
  }),
  records('nothing', {}),
  ...produceSteps,
  step('records', describeLogDirsRequest, describeLogDirsResponse, 5, {
    topics: [{ topic: 'in-v7', partitions: [0] }],
  }),
  records('into the middle of a batch', { 'in-v7': [[0, 4]] }),
  records('to before the start', { 'in-v7': [[0, 2]] }),
  records('beyond the end', { 'in-v7': [[0, 10]] }),
  records('to the end', { 'in-v7': [[0, 9]] }),
]

function records(name: string, topics: Record<string, [number, number][]>): Step {
  return step(name, deleteRecordsRequest, deleteRecordsResponse, 2, {
    topics: Object.entries(topics).map(([topicName, offsets]) => ({
      name: topicName,
      partitions: offsets.map(([partitionIndex, offset]) => ({ partitionIndex, offset })),
    })),
    timeoutMs: 5000,
  })
}

const logDirSteps: Step[] = [
  ...inVersions('one topic', describeLogDirsRequest, describeLogDirsResponse, () => ({
    topics: [
      { topic: 'in-v7', partitions: [0, 7] },
      { topic: 'nope', partitions: [0] },
    ],
  })),
  step('all topics', describeLogDirsRequest, describeLogDirsResponse, 4, { topics: null }),
  step('no topic', describeLogDirsRequest, describeLogDirsResponse, 4, { topics: [] }),
  step('no partition', describeLogDirsRequest, describeLogDirsResponse, 4, {
    topics: [{ topic: 'in-v7', partitions: [] }],
  }),
]

const deleteSteps: Step[] = [
  ...inVersions(
    'one that is there and one that is not',
    deleteTopicsRequest,
    deleteTopicsResponse,
    (version) => ({
      topicNames: [`in-v${version + 1}`, 'nope'],
      timeoutMs: 5000,
    }),
    1,
    5,
  ),
  remove('by name', [{ name: 'once', topicId: zero }]),
  remove('again', [{ name: 'once', topicId: zero }]),
  remove('by id', ({ topicIds }) => [{ name: null, topicId: topicIds.get('defaults')! }]),
  remove('bad references', [
    { name: 'nope', topicId: zero },
    { name: null, topicId: unknownId },
    { name: null, topicId: zero },
    { name: 'a.b', topicId: unknownId },
    { name: 'a b', topicId: zero },
    { name: '', topicId: zero },
    { name: '__cluster_metadata', topicId: zero },
  ]),
  remove('a name twice', [
    { name: 'a.b', topicId: zero },
    { name: 'a.b', topicId: zero },
  ]),
  remove('an id twice', ({ topicIds }) => [
    { name: null, topicId: topicIds.get('a.b')! },
    { name: null, topicId: topicIds.get('a.b')! },
  ]),
  remove('a name and its id', ({ topicIds }) => [
    { name: 'a.b', topicId: zero },
    { name: null, topicId: topicIds.get('a.b')! },
  ]),
  remove('nothing', []),
]

type Reference = { name: string | null; topicId: string }

function remove(name: string, topics: Reference[] | ((world: World) => Reference[])): Step {
  return step(name, deleteTopicsRequest, deleteTopicsResponse, 6, (world) => ({
    topics: typeof topics === 'function' ? topics(world) : topics,
    timeoutMs: 5000,
  }))
}

/** Topics and partitions: valid, edge and broken; the topics that they leave are used by the config steps. */
export const topicSteps: readonly Step[] = [...createSteps, ...partitionSteps, ...recordSteps, ...logDirSteps]
export const deleteTopicSteps: readonly Step[] = deleteSteps
