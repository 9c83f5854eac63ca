import {
  describeAclsRequest,
  describeAclsResponse,
} from '../../../broker/protocol/schemas/29-describe-acls.ts'
import { createAclsRequest, createAclsResponse } from '../../../broker/protocol/schemas/30-create-acls.ts'
import { deleteAclsRequest, deleteAclsResponse } from '../../../broker/protocol/schemas/31-delete-acls.ts'
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
import { inVersions, type Step, step } from './script.ts'

const topic = 2
const broker = 4
const brokerLogger = 8
const clientMetrics = 16
const group = 32

const set = 0
const remove = 1
const append = 2
const subtract = 3

/** `NODE` in a resource's name stands for the id of the broker that is asked. */
type Resource = readonly [type: number, name: string]

const nameOf = (name: string, nodeId: number) => (name === 'NODE' ? String(nodeId) : name)

function configsOf(
  name: string,
  resources: readonly (readonly [...Resource, keys?: string[] | null])[],
  documentation = false,
): Step {
  return step(name, describeConfigsRequest, describeConfigsResponse, 4, ({ nodeId }) => ({
    resources: resources.map(([resourceType, resourceName, configurationKeys = null]) => ({
      resourceType,
      resourceName: nameOf(resourceName, nodeId),
      configurationKeys,
    })),
    includeSynonyms: true,
    includeDocumentation: documentation,
  }))
}

type Operation = readonly [name: string, operation: number, value: string | null]
type Altered = readonly [...Resource, ...operations: Operation[]]
type AlterOptions = { validateOnly?: boolean; version?: number; sameWords?: boolean }

function alter(name: string, resources: readonly Altered[], options: AlterOptions = {}): Step {
  const { validateOnly = false, version = 1, sameWords = false } = options
  return step(
    name,
    incrementalAlterConfigsRequest,
    incrementalAlterConfigsResponse,
    version,
    ({ nodeId }) => ({
      resources: resources.map(([resourceType, resourceName, ...operations]) => ({
        resourceType,
        resourceName: nameOf(resourceName, nodeId),
        configs: operations.map(([key, configOperation, value]) => ({ name: key, configOperation, value })),
      })),
      validateOnly,
    }),
    { sameWords },
  )
}

type Replaced = readonly [...Resource, configs: Record<string, string | null>]

function replace(name: string, resources: readonly Replaced[], validateOnly = false, version = 2): Step {
  return step(name, alterConfigsRequest, alterConfigsResponse, version, ({ nodeId }) => ({
    resources: resources.map(([resourceType, resourceName, configs]) => ({
      resourceType,
      resourceName: nameOf(resourceName, nodeId),
      configs: Object.entries(configs).map(([key, value]) => ({ name: key, value })),
    })),
    validateOnly,
  }))
}

const words = { sameWords: true }
const name = 'in-v7'
const keys = ['retention.ms', 'cleanup.policy', 'segment.ms', 'flush.ms', 'max.message.bytes']

const describeSteps: Step[] = [
  ...inVersions('a topic', describeConfigsRequest, describeConfigsResponse, () => ({
    resources: [{ resourceType: topic, resourceName: name, configurationKeys: null }],
    includeSynonyms: true,
  })),
  configsOf('a topic, with words', [[topic, name]], true),
  configsOf('a topic with overrides', [[topic, 'configured']]),
  configsOf('some keys, an unknown one and one twice', [
    [topic, name, ['retention.ms', 'nope', 'segment.ms', 'segment.ms']],
  ]),
  configsOf('no keys', [[topic, name, []]]),
  configsOf('no such topic, and names that cannot be', [
    [topic, 'nope'],
    [topic, 'a b'],
    [topic, ''],
  ]),
  configsOf('a topic twice', [
    [topic, name, keys],
    [topic, name, keys],
  ]),
  configsOf('the broker', [[broker, 'NODE']]),
  configsOf('the broker, with words', [[broker, 'NODE', ['log.retention.ms', 'log.retention.hours']]], true),
  configsOf('what is set for all brokers', [[broker, '']]),
  configsOf('other brokers', [
    [broker, '77'],
    [broker, 'x'],
    [brokerLogger, ''],
    [brokerLogger, '77'],
    [brokerLogger, 'x'],
  ]),
  configsOf('a group', [
    [group, 'g'],
    [group, 'g', ['consumer.session.timeout.ms', 'nope']],
    [group, ''],
  ]),
  configsOf('client metrics', [[clientMetrics, '']]),
  configsOf('unknown types', [
    [0, 'x'],
    [77, 'x'],
    [-1, 'x'],
  ]),
  configsOf('nothing', []),
]

const topicSteps: Step[] = [
  alter(
    'set and append',
    [[topic, name, ['retention.ms', set, '1000'], ['cleanup.policy', append, 'compact']]],
    {
      version: 0,
    },
  ),
  configsOf('after it', [[topic, name, keys]]),
  alter('append what is there', [[topic, name, ['cleanup.policy', append, 'compact,delete']]]),
  alter('subtract', [[topic, name, ['cleanup.policy', subtract, 'compact']]]),
  configsOf('after that', [[topic, name, keys]]),
  alter('subtract the rest', [[topic, name, ['cleanup.policy', subtract, 'delete']]]),
  alter('subtract what is not there', [[topic, name, ['cleanup.policy', subtract, 'compact']]]),
  configsOf('with an empty list', [[topic, name, keys]]),
  alter('validated only', [[topic, name, ['retention.ms', set, '5']]], { validateOnly: true }),
  alter('delete, one with a value', [
    [topic, name, ['cleanup.policy', remove, null], ['retention.ms', remove, '5'], ['nope', remove, null]],
  ]),
  configsOf('after the deletion', [[topic, name, keys]]),
  alter('no configs', [[topic, name]]),
  alter('nothing', []),
  alter('append to what is no list', [[topic, name, ['retention.ms', append, '1']]], words),
  alter('subtract from what is no list', [[topic, name, ['retention.ms', subtract, '1']]], words),
  alter('append to what is unknown', [[topic, name, ['nope', append, '1']]], words),
  alter('null', [[topic, name, ['retention.ms', set, null], ['segment.ms', append, null]]], words),
  alter('a key twice', [[topic, name, ['retention.ms', set, '1'], ['retention.ms', remove, null]]], words),
  alter('an unknown operation', [[topic, name, ['retention.ms', 9, '1']]]),
  alter('an unknown key', [[topic, name, ['nope', set, '1']]], words),
  alter(
    'bad values',
    [
      [topic, name, ['retention.ms', set, 'x']],
      [topic, 'a.b', ['retention.ms', set, '-2']],
      [topic, 'configured', ['min.compaction.lag.ms', set, '9'], ['max.compaction.lag.ms', set, '8']],
    ],
    words,
  ),
  alter('a good one and a bad one', [
    [topic, name, ['segment.ms', set, '60000'], ['retention.ms', set, 'x']],
  ]),
  alter('a topic twice', [
    [topic, name, ['retention.ms', set, '5']],
    [topic, name, ['retention.ms', set, '6']],
  ]),
  alter('no such topic, names that cannot be', [
    [topic, 'nope', ['retention.ms', set, '1']],
    [topic, 'a b', ['retention.ms', set, '1']],
    [topic, '', ['retention.ms', set, '1']],
  ]),
  alter('unknown types', [
    [0, 'x', ['a', set, '1']],
    [77, 'x', ['a', set, '1']],
  ]),
  configsOf('nothing has changed', [[topic, name, keys]]),
]

const dynamicBrokerSteps: Step[] = [
  alter('one broker', [[broker, 'NODE', ['log.retention.ms', set, '3600000']]]),
  alter('all brokers', [
    [broker, '', ['log.retention.ms', set, '7200000'], ['message.max.bytes', set, '2000000']],
  ]),
  configsOf('what is set for all brokers', [[broker, '', ['log.retention.ms', 'message.max.bytes']]], true),
  configsOf('broker and topics', [
    [
      broker,
      'NODE',
      ['log.retention.ms', 'log.retention.minutes', 'log.retention.hours', 'message.max.bytes'],
    ],
    [topic, name, keys],
    [topic, 'configured', keys],
  ]),
  alter(
    'read-only',
    [
      [broker, 'NODE', ['num.partitions', set, '3']],
      [broker, '', ['num.partitions', set, '3']],
    ],
    words,
  ),
  alter(
    'bad values',
    [
      [broker, 'NODE', ['log.segment.bytes', set, '5']],
      [broker, '', ['log.segment.bytes', set, 'x']],
    ],
    words,
  ),
  alter('other brokers', [
    [broker, '77', ['log.segment.bytes', set, '2000000']],
    [broker, 'x', ['log.segment.bytes', set, '2000000']],
  ]),
  alter('append to a list', [[broker, '', ['log.cleanup.policy', append, 'compact']]], {
    validateOnly: true,
  }),
  alter('back to the defaults', [
    [broker, '', ['log.retention.ms', remove, null], ['message.max.bytes', remove, null]],
    [broker, 'NODE', ['log.retention.ms', remove, null]],
  ]),
  configsOf('back to the defaults', [[broker, 'NODE', ['log.retention.ms', 'message.max.bytes']]]),
]

const groupSteps: Step[] = [
  alter('a group', [[group, 'g', ['consumer.session.timeout.ms', set, '50000']]]),
  configsOf('a group with an override', [[group, 'g']]),
  step('groups', listConfigResourcesRequest, listConfigResourcesResponse, 1, { resourceTypes: [group] }),
  alter(
    'bad values',
    [
      [group, 'g1', ['consumer.session.timeout.ms', set, '5']],
      [group, 'g2', ['consumer.session.timeout.ms', set, '500000']],
      [group, 'g3', ['consumer.heartbeat.interval.ms', set, '1']],
      [group, 'g4', ['consumer.heartbeat.interval.ms', set, '500000']],
      [group, 'g5', ['consumer.assignment.interval.ms', set, '20000']],
      [group, 'g6', ['consumer.assignment.interval.ms', set, '-1']],
      [group, 'g7', ['nope', set, '1']],
      [group, '', ['consumer.session.timeout.ms', set, '50000']],
    ],
    words,
  ),
  alter('a group without', [[group, 'g', ['consumer.session.timeout.ms', remove, null]]]),
  step('no groups', listConfigResourcesRequest, listConfigResourcesResponse, 1, { resourceTypes: [group] }),
]

const loggerSteps: Step[] = [
  alter('no such logger', [[brokerLogger, 'NODE', ['no.such.logger', set, 'DEBUG']]], words),
  alter('loggers of other brokers', [
    [brokerLogger, '', ['root', set, 'DEBUG']],
    [brokerLogger, '77', ['root', set, 'DEBUG']],
  ]),
]

const replaceSteps: Step[] = [
  replace('two', [[topic, name, { 'retention.ms': '5000', 'segment.ms': '60000' }]], false, 0),
  replace('one of them', [[topic, name, { 'segment.ms': '70000' }]], false, 1),
  configsOf('after it', [[topic, name, keys]]),
  replace('bad ones', [
    [topic, name, { 'segment.ms': null }],
    [topic, 'a.b', { nope: '1' }],
    [topic, 'nope', { 'segment.ms': '60000' }],
    [topic, 'configured', { 'segment.ms': 'x' }],
    [brokerLogger, 'NODE', {}],
    [77, 'x', {}],
    [broker, 'NODE', { 'num.partitions': '7' }],
  ]),
  replace('validated only', [[topic, name, {}]], true),
  replace('none', [[topic, name, {}]]),
  configsOf('back to the defaults', [[topic, name, keys]]),
]

const listSteps: Step[] = [
  step('client metrics', listConfigResourcesRequest, listConfigResourcesResponse, 0, {}),
  ...[[], [topic], [broker, brokerLogger, clientMetrics, group], [0], [99, topic]].map((resourceTypes) =>
    step(`types ${resourceTypes}`, listConfigResourcesRequest, listConfigResourcesResponse, 1, {
      resourceTypes,
    }),
  ),
]

const anyAcl = {
  resourceTypeFilter: 1,
  resourceNameFilter: null,
  principalFilter: null,
  hostFilter: null,
  operation: 1,
  permissionType: 1,
}
const acl = {
  resourceType: 2,
  resourceName: 'x',
  principal: 'User:a',
  host: '*',
  operation: 3,
  permissionType: 3,
}

const aclSteps: Step[] = [
  ...inVersions('acls', describeAclsRequest, describeAclsResponse, () => anyAcl),
  ...inVersions('acls', createAclsRequest, createAclsResponse, () => ({ creations: [acl, acl] })),
  ...inVersions('acls', deleteAclsRequest, deleteAclsResponse, () => ({ filters: [anyAcl] })),
  step('none', createAclsRequest, createAclsResponse, 3, { creations: [] }),
  step('none', deleteAclsRequest, deleteAclsResponse, 3, { filters: [] }),
]

/** Configs of topics, brokers, groups and loggers, and what stands beside them. */
export const configSteps: readonly Step[] = [
  ...describeSteps,
  ...topicSteps,
  ...dynamicBrokerSteps,
  ...groupSteps,
  ...loggerSteps,
  ...replaceSteps,
  ...listSteps,
  ...aclSteps,
]
