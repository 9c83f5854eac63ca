import { describe, expect, test } from 'vitest'
import { errorCode } from '../../../broker/protocol/error-codes.ts'
import {
  describeConfigsRequest,
  describeConfigsResponse,
} from '../../../broker/protocol/schemas/32-describe-configs.ts'
import {
  listConfigResourcesRequest,
  listConfigResourcesResponse,
} from '../../../broker/protocol/schemas/74-list-config-resources.ts'
import { NodeFixture } from './node-fixture.ts'

const [topic, broker, brokerLogger, clientMetrics, group] = [2, 4, 8, 16, 32]

function withTopic(config?: Record<string, string>) {
  const fixture = new NodeFixture(config)
  fixture.node.controller.createTopics([{ name: 't', numPartitions: 1, replicationFactor: 1 }])
  return fixture
}

function ask(
  fixture: NodeFixture,
  resourceType: number,
  resourceName: string,
  configurationKeys: string[] | null = null,
  version = 4,
) {
  return fixture
    .ask(describeConfigsRequest, describeConfigsResponse, version, {
      resources: [{ resourceType, resourceName, configurationKeys }],
      includeSynonyms: true,
      ...(version >= 3 ? { includeDocumentation: true } : {}),
    })
    .then(({ results }) => results[0]!)
}

describe('DescribeConfigs', () => {
  test.each([1, 2, 3, 4])('v%i describes a topic', async (version) => {
    const { configs } = await ask(withTopic(), topic, 't', null, version)
    expect(configs).toHaveLength(33)
    const segmentBytes = configs.find(({ name }) => name === 'segment.bytes')
    expect(segmentBytes).toMatchObject({
      value: '1073741824',
      configSource: 5,
      readOnly: false,
      isSensitive: false,
      synonyms: [{ name: 'log.segment.bytes', value: '1073741824', source: 5 }],
    })
    if (version >= 3) expect(segmentBytes).toMatchObject({ configType: 3, documentation: /segment/ })
  })

  test('describes the keys that are asked for; no keys ask for all', async () => {
    const fixture = withTopic()
    const { configs } = await ask(fixture, topic, 't', ['retention.ms', 'nope', 'segment.ms'])
    expect(configs.map(({ name }) => name)).toEqual(['retention.ms', 'segment.ms'])
    expect((await ask(fixture, topic, 't', [])).configs).toHaveLength(33)
  })

  test('describes the broker with what it was started with', async () => {
    const fixture = withTopic({ 'num.partitions': '3' })
    const { configs } = await ask(fixture, broker, '0', ['num.partitions', 'delete.topic.enable'])
    expect(configs).toMatchObject([
      { name: 'delete.topic.enable', value: 'true', configSource: 5, readOnly: true },
      { name: 'num.partitions', value: '3', configSource: 4, readOnly: true },
    ])
    // What eligible leader replicas need all brokers to share.
    expect(await ask(fixture, broker, '')).toMatchObject({
      errorCode: 0,
      configs: [{ name: 'min.insync.replicas', value: '1', configSource: 3 }],
    })
  })

  test('has no loggers, and of client metrics the defaults', async () => {
    const fixture = withTopic()
    expect(await ask(fixture, brokerLogger, '0')).toMatchObject({ errorCode: 0, configs: [] })
    expect(await ask(fixture, clientMetrics, 'm')).toMatchObject({
      errorCode: 0,
      configs: [
        { name: 'interval.ms', value: '300000', configSource: 5 },
        { name: 'match', value: '' },
        { name: 'metrics', value: '' },
      ],
    })
  })

  test.each([
    [topic, 'nope', errorCode.unknownTopicOrPartition],
    [topic, 'a b', errorCode.invalidTopicException],
    [topic, '', errorCode.invalidTopicException],
    [broker, '7', errorCode.invalidRequest],
    [broker, 'x', errorCode.invalidRequest],
    [brokerLogger, '', errorCode.invalidRequest],
    [group, '', errorCode.invalidRequest],
    [clientMetrics, '', errorCode.invalidRequest],
    [0, 'x', errorCode.invalidRequest],
    [77, 'x', errorCode.invalidRequest],
  ])('of type %i and name %j answers %i', async (type, name, code) =>
    expect(await ask(withTopic(), type, name)).toMatchObject({ errorCode: code, configs: [] }),
  )
})

describe('ListConfigResources', () => {
  const list = (fixture: NodeFixture, version: number, resourceTypes: number[]) =>
    fixture.ask(listConfigResourcesRequest, listConfigResourcesResponse, version, { resourceTypes })

  test('v0 lists client metrics, of which there are none', async () =>
    expect(await list(withTopic(), 0, [])).toMatchObject({ errorCode: 0, configResources: [] }))

  test('v1 lists what has configs', async () => {
    const fixture = withTopic()
    fixture.node.controller.alterConfigs([
      { resourceType: 32, resourceName: 'g', changes: new Map([['consumer.session.timeout.ms', '50000']]) },
    ])
    expect((await list(fixture, 1, [])).configResources).toEqual([
      { resourceName: 'g', resourceType: group },
      { resourceName: '0', resourceType: brokerLogger },
      { resourceName: '0', resourceType: broker },
      { resourceName: 't', resourceType: topic },
    ])
    expect((await list(fixture, 1, [topic])).configResources).toHaveLength(1)
  })

  test('v1 refuses types that it does not know', async () =>
    expect(await list(withTopic(), 1, [99, topic])).toMatchObject({
      errorCode: errorCode.unsupportedVersion,
      configResources: [],
    }))
})
