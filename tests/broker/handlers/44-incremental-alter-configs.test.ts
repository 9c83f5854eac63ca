import { beforeEach, describe, expect, test } from 'vitest'
import { errorCode } from '../../../broker/protocol/error-codes.ts'
import {
  describeConfigsRequest,
  describeConfigsResponse,
} from '../../../broker/protocol/schemas/32-describe-configs.ts'
import {
  alterConfigsRequest,
  alterConfigsResponse,
} from '../../../broker/protocol/schemas/33-alter-configs.ts'
import {
  incrementalAlterConfigsRequest,
  incrementalAlterConfigsResponse,
} from '../../../broker/protocol/schemas/44-incremental-alter-configs.ts'
import {
  listConfigResourcesRequest,
  listConfigResourcesResponse,
} from '../../../broker/protocol/schemas/74-list-config-resources.ts'
import { encodeRecordBatch } from '../../../broker/records/record-batch-builder.ts'
import { NodeFixture } from './node-fixture.ts'

const [topic, broker, brokerLogger, clientMetrics, group] = [2, 4, 8, 16, 32]
const [set, remove, append, subtract] = [0, 1, 2, 3]

type Operation = [name: string, operation: number, value: string | null]

let fixture: NodeFixture

beforeEach(() => {
  fixture = new NodeFixture()
  fixture.node.controller.createTopics([{ name: 't', numPartitions: 1, replicationFactor: 1 }])
  // A partition opens its log at the first append.
  const records = [{ value: 'a', timestampMs: fixture.clock.nowMs() }]
  fixture.node.partition('t', 0)!.append(encodeRecordBatch({ records }), 'client')
})

async function alter(type: number, name: string, operations: Operation[], validateOnly = false) {
  const { responses } = await fixture.ask(
    incrementalAlterConfigsRequest,
    incrementalAlterConfigsResponse,
    1,
    {
      resources: [
        {
          resourceType: type,
          resourceName: name,
          configs: operations.map(([key, configOperation, value]) => ({ name: key, configOperation, value })),
        },
      ],
      validateOnly,
    },
  )
  return responses[0]!
}

async function configOf(type: number, name: string, key: string) {
  const { results } = await fixture.ask(describeConfigsRequest, describeConfigsResponse, 4, {
    resources: [{ resourceType: type, resourceName: name, configurationKeys: [key] }],
    includeSynonyms: true,
  })
  return results[0]!.configs[0]
}

function logConfig() {
  const { state } = fixture.node.partition('t', 0)!
  return state.status === 'online' ? state.log.config : undefined
}

describe('IncrementalAlterConfigs of a topic', () => {
  test('acts at once, is described and outlives a restart', async () => {
    const changes: Operation[] = [
      ['retention.ms', set, '1000'],
      ['max.message.bytes', set, '2000'],
      ['segment.bytes', set, '2000000'],
    ]
    expect(await alter(topic, 't', changes)).toMatchObject({ errorCode: 0, errorMessage: null })
    const expected = { retentionMs: 1000, maxMessageBytes: 2000, segmentBytes: 2_000_000 }
    expect(logConfig()).toMatchObject(expected)
    expect(await configOf(topic, 't', 'retention.ms')).toMatchObject({ value: '1000', configSource: 1 })
    fixture.restart()
    expect(logConfig()).toMatchObject(expected)
    await alter(topic, 't', [['retention.ms', remove, null]])
    expect(logConfig()).toMatchObject({ retentionMs: 604_800_000, maxMessageBytes: 2000 })
  })

  test('appends to and subtracts from a list, starting from the default', async () => {
    await alter(topic, 't', [['cleanup.policy', append, 'compact, delete']])
    expect(await configOf(topic, 't', 'cleanup.policy')).toMatchObject({ value: 'delete,compact' })
    await alter(topic, 't', [['cleanup.policy', subtract, 'delete,nope']])
    expect(await configOf(topic, 't', 'cleanup.policy')).toMatchObject({ value: 'compact' })
    await alter(topic, 't', [['cleanup.policy', subtract, 'compact']])
    expect(await configOf(topic, 't', 'cleanup.policy')).toMatchObject({ value: '', configSource: 1 })
  })

  test('changes nothing when only validated, or when one of several is wrong', async () => {
    expect(await alter(topic, 't', [['retention.ms', set, '5']], true)).toMatchObject({ errorCode: 0 })
    const mixed: Operation[] = [
      ['segment.ms', set, '5'],
      ['retention.ms', set, 'x'],
    ]
    expect(await alter(topic, 't', mixed)).toMatchObject({ errorCode: errorCode.invalidConfig })
    expect(logConfig()).toMatchObject({ retentionMs: 604_800_000, segmentMs: 604_800_000 })
  })

  test.each<[Operation[], number, string]>([
    [[['retention.ms', append, '1']], 40, "Can't APPEND to key retention.ms because its type is not LIST."],
    [[['nope', subtract, '1']], 40, "Can't SUBTRACT to key nope because its type is not LIST."],
    [[['nope', set, '1']], 40, 'Unknown topic config name: nope'],
    [[['retention.ms', set, null]], 42, 'Null value not supported for : retention.ms'],
    [
      [
        ['retention.ms', set, '1'],
        ['retention.ms', remove, null],
      ],
      42,
      'Error due to duplicate config keys',
    ],
    [[['retention.ms', 9, '1']], 42, 'Unknown operation 9 on config retention.ms'],
  ])('refuses %j with %i', async (operations, code, errorMessage) =>
    expect(await alter(topic, 't', operations)).toMatchObject({ errorCode: code, errorMessage }),
  )

  test('deleting what is not set or not known is fine', async () =>
    expect(await alter(topic, 't', [['nope', remove, null]])).toMatchObject({ errorCode: 0 }))

  test.each([
    ['nope', errorCode.unknownTopicOrPartition],
    ['a b', errorCode.invalidTopicException],
    ['', errorCode.invalidRequest],
  ])('refuses the topic %j', async (name, code) =>
    expect(await alter(topic, name, [['retention.ms', set, '1']])).toMatchObject({ errorCode: code }),
  )
})

describe('IncrementalAlterConfigs of brokers', () => {
  test('changes the defaults of topics at once, weaker for all than for one', async () => {
    await alter(broker, '', [['log.retention.ms', set, '7000']])
    expect(logConfig()?.retentionMs).toBe(7000)
    await alter(broker, '0', [['log.retention.ms', set, '3000']])
    expect(logConfig()?.retentionMs).toBe(3000)
    expect(await configOf(topic, 't', 'retention.ms')).toMatchObject({
      value: '3000',
      configSource: 2,
      synonyms: [
        { name: 'log.retention.ms', value: '3000', source: 2 },
        { name: 'log.retention.ms', value: '7000', source: 3 },
        { name: 'log.retention.hours', value: '168', source: 5 },
      ],
    })
    expect(await configOf(broker, '', 'log.retention.ms')).toMatchObject({ value: '7000', configSource: 3 })
    fixture.restart()
    expect(logConfig()?.retentionMs).toBe(3000)
    await alter(broker, '0', [['log.retention.ms', remove, null]])
    expect(logConfig()?.retentionMs).toBe(7000)
  })

  test.each<[string, Operation, string]>([
    ['0', ['num.partitions', set, '3'], 'Cannot update these configs dynamically: [num.partitions]'],
    ['', ['nope', set, '3'], 'Unknown broker config name: nope'],
    [
      '0',
      ['log.segment.bytes', set, '5'],
      'Invalid value 5 for configuration log.segment.bytes: Value must be at least 1048576',
    ],
    ['7', ['log.segment.bytes', set, '2000000'], 'Unexpected broker id, expected 0, but received 7'],
    ['x', ['log.segment.bytes', set, '2000000'], 'Node id must be an integer, but it is: x'],
  ])('%j refuses %j', async (name, operation, errorMessage) =>
    expect(await alter(broker, name, [operation])).toMatchObject({ errorCode: 42, errorMessage }),
  )
})

describe('IncrementalAlterConfigs of the rest', () => {
  test('a group within the bounds of the broker', async () => {
    expect(await alter(group, 'g', [['consumer.session.timeout.ms', set, '50000']])).toMatchObject({
      errorCode: 0,
    })
    expect(await configOf(group, 'g', 'consumer.session.timeout.ms')).toMatchObject({
      value: '50000',
      configSource: 8,
    })
    expect(await alter(group, 'g', [['consumer.session.timeout.ms', set, '5']])).toMatchObject({
      errorCode: errorCode.invalidConfig,
    })
  })

  test('no loggers, no unknown types', async () => {
    expect(await alter(brokerLogger, '0', [['root', set, 'DEBUG']])).toMatchObject({ errorCode: 40 })
    expect(await alter(77, 'm', [])).toMatchObject({
      errorCode: 42,
      errorMessage: 'Unknown resource type 77',
    })
  })

  test('a resource that is there twice is refused both times', async () => {
    const resource = { resourceType: topic, resourceName: 't', configs: [] }
    const { responses } = await fixture.ask(
      incrementalAlterConfigsRequest,
      incrementalAlterConfigsResponse,
      0,
      {
        resources: [resource, resource],
        validateOnly: false,
      },
    )
    expect(responses.map(({ errorCode: code }) => code)).toEqual([42, 42])
  })
})

describe('AlterConfigs', () => {
  const replace = (version: number, configs: Record<string, string | null>, resourceType = topic) =>
    fixture.ask(alterConfigsRequest, alterConfigsResponse, version, {
      resources: [
        {
          resourceType,
          resourceName: resourceType === topic ? 't' : '0',
          configs: Object.entries(configs).map(([name, value]) => ({ name, value })),
        },
      ],
      validateOnly: false,
    })

  test.each([0, 1, 2])('v%i replaces all that was set', async (version) => {
    await replace(version, { 'retention.ms': '5', 'segment.ms': '6' })
    await replace(version, { 'segment.ms': '7' })
    expect(logConfig()).toMatchObject({ retentionMs: 604_800_000, segmentMs: 7 })
    await replace(version, {})
    expect(logConfig()).toMatchObject({ segmentMs: 604_800_000 })
  })

  test('refuses null, unknown names and broker loggers', async () => {
    expect(await replace(2, { 'segment.ms': null })).toMatchObject({ responses: [{ errorCode: 42 }] })
    expect(await replace(2, { nope: '1' })).toMatchObject({ responses: [{ errorCode: 40 }] })
    expect(await replace(2, {}, brokerLogger)).toMatchObject({ responses: [{ errorCode: 42 }] })
  })
})

describe('IncrementalAlterConfigs of tiered storage, which is off', () => {
  test('keeps what a topic sets, but does not switch it on', async () => {
    const settings: Operation[] = [
      ['local.retention.ms', set, '1000'],
      ['local.retention.bytes', set, '5'],
      ['retention.ms', set, '500'],
      ['remote.log.copy.disable', set, 'true'],
      ['remote.log.delete.on.disable', set, 'true'],
      ['remote.storage.enable', set, 'false'],
    ]
    expect(await alter(topic, 't', settings)).toMatchObject({ errorCode: 0 })
    // Without it, retention goes by retention.ms alone.
    expect(logConfig()).toMatchObject({ retentionMs: 500, retentionBytes: -1 })
    expect(await alter(topic, 't', [['remote.storage.enable', set, 'true']])).toMatchObject({
      errorCode: errorCode.invalidConfig,
      errorMessage:
        'Tiered Storage functionality is disabled in the broker. Topic cannot be configured with remote log storage.',
    })
  })

  const invalid = (name: string, value: string, words: string) =>
    `Invalid value org.apache.kafka.common.config.ConfigException: Invalid value ${value} for configuration ${name}: ${words} for configuration Invalid dynamic configuration`

  test.each<[Operation[], string]>([
    [
      [['log.local.retention.ms', set, '700000000000']],
      invalid(
        'log.local.retention.ms',
        '700000000000',
        'Value must not be more than log.retention.ms property value: 604800000',
      ),
    ],
    [
      [['log.local.retention.ms', set, '-1']],
      invalid(
        'log.local.retention.ms',
        '-1',
        'Value must not be -1 as log.retention.ms value is set as 604800000.',
      ),
    ],
    [
      [
        ['log.retention.bytes', set, '5'],
        ['log.local.retention.bytes', set, '6'],
      ],
      invalid(
        'log.local.retention.bytes',
        '6',
        'Value must not be more than log.retention.bytes property value: 5',
      ),
    ],
  ])('refuses of a broker %j', async (operations, errorMessage) => {
    expect(await alter(broker, '0', operations)).toMatchObject({
      errorCode: errorCode.invalidRequest,
      errorMessage,
    })
    expect(await alter(broker, '', operations)).toMatchObject({ errorMessage })
  })

  test('takes of a broker what is within its retention', async () =>
    expect(await alter(broker, '0', [['log.local.retention.ms', set, '604800000']])).toMatchObject({
      errorCode: 0,
    }))
})

describe('IncrementalAlterConfigs of client metrics', () => {
  test('keeps a subscription, which is described and listed', async () => {
    await alter(clientMetrics, 'm', [
      ['metrics', set, 'org.apache'],
      ['interval.ms', set, '10000'],
      ['match', set, 'client_id=x,client_software_version=.*'],
    ])
    fixture.restart()
    expect(await configOf(clientMetrics, 'm', 'interval.ms')).toMatchObject({
      value: '10000',
      configSource: 7,
      synonyms: [{ name: 'interval.ms', value: '10000', source: 7 }],
    })
    expect(await configOf(clientMetrics, 'none', 'interval.ms')).toMatchObject({
      value: '300000',
      configSource: 5,
      synonyms: [],
    })
    const listed = await fixture.ask(listConfigResourcesRequest, listConfigResourcesResponse, 0, {})
    expect(listed.configResources).toEqual([{ resourceName: 'm', resourceType: clientMetrics }])
  })

  test.each<[string, Operation, number, string]>([
    [
      'm',
      ['interval.ms', set, '5'],
      42,
      'Invalid value 5 for interval.ms, interval must be between 100 and 3600000 (1 hour)',
    ],
    [
      'm',
      ['interval.ms', set, 'x'],
      40,
      'Invalid value x for configuration interval.ms: Not a number of type INT',
    ],
    ['m', ['match', set, 'nope=x'], 40, 'Illegal client matching pattern: nope=x'],
    ['m', ['match', set, 'client_id='], 40, 'Illegal client matching pattern: client_id='],
    ['m', ['match', set, 'client_id=['], 40, 'Illegal client matching pattern: client_id=['],
    ['m', ['nope', set, '1'], 42, 'Unknown client metrics configuration: nope'],
    ['m', ['metrics', append, 'a'], 40, "Can't APPEND to key metrics because its type is not LIST."],
    ['', ['metrics', set, 'a'], 42, "Subscription name can't be empty"],
  ])('of %j refuses %j with %i', async (name, operation, code, errorMessage) =>
    expect(await alter(clientMetrics, name, [operation])).toMatchObject({ errorCode: code, errorMessage }),
  )
})
