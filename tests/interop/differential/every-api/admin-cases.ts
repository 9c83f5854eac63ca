import { saslHandshakeRequest } from '../../../../broker/protocol/schemas/17-sasl-handshake.ts'
import { apiVersionsRequest } from '../../../../broker/protocol/schemas/18-api-versions.ts'
import { createTopicsRequest } from '../../../../broker/protocol/schemas/19-create-topics.ts'
import { deleteTopicsRequest } from '../../../../broker/protocol/schemas/20-delete-topics.ts'
import { describeAclsRequest } from '../../../../broker/protocol/schemas/29-describe-acls.ts'
import { createAclsRequest } from '../../../../broker/protocol/schemas/30-create-acls.ts'
import { deleteAclsRequest } from '../../../../broker/protocol/schemas/31-delete-acls.ts'
import { describeConfigsRequest } from '../../../../broker/protocol/schemas/32-describe-configs.ts'
import { alterConfigsRequest } from '../../../../broker/protocol/schemas/33-alter-configs.ts'
import { saslAuthenticateRequest } from '../../../../broker/protocol/schemas/36-sasl-authenticate.ts'
import { createPartitionsRequest } from '../../../../broker/protocol/schemas/37-create-partitions.ts'
import { createDelegationTokenRequest } from '../../../../broker/protocol/schemas/38-create-delegation-token.ts'
import { renewDelegationTokenRequest } from '../../../../broker/protocol/schemas/39-renew-delegation-token.ts'
import { expireDelegationTokenRequest } from '../../../../broker/protocol/schemas/40-expire-delegation-token.ts'
import { describeDelegationTokenRequest } from '../../../../broker/protocol/schemas/41-describe-delegation-token.ts'
import { incrementalAlterConfigsRequest } from '../../../../broker/protocol/schemas/44-incremental-alter-configs.ts'
import { describeUserScramCredentialsRequest } from '../../../../broker/protocol/schemas/50-describe-user-scram-credentials.ts'
import { alterUserScramCredentialsRequest } from '../../../../broker/protocol/schemas/51-alter-user-scram-credentials.ts'
import { listConfigResourcesRequest } from '../../../../broker/protocol/schemas/74-list-config-resources.ts'
import { type ApiCase, apiCase } from './api-case.ts'
import type { Stage } from './stage.ts'

const topicResource = 2
const brokerResource = 4
const groupResource = 32

const madeTopic = async (stage: Stage) => ({ topic: stage.key, topicId: await stage.topic(stage.key) })
const onlyName = async (stage: Stage) => ({ topic: stage.key })

const created = (name: string, topic = {}, more = {}) => ({
  topics: [{ name, numPartitions: 2, replicationFactor: 1, assignments: [], configs: [], ...topic }],
  timeoutMs: 10_000,
  ...more,
})

const acl = {
  resourceType: 2,
  resourceName: 'some',
  principal: 'User:ann',
  host: '*',
  operation: 3,
  permissionType: 3,
}
const aclFilter = {
  resourceTypeFilter: 2,
  resourceNameFilter: 'some',
  principalFilter: 'User:ann',
  hostFilter: '*',
  operation: 3,
  permissionType: 3,
}

const described = (topic: string, more = {}) => ({
  resources: [
    {
      resourceType: topicResource,
      resourceName: topic,
      configurationKeys: ['retention.ms', 'cleanup.policy'],
    },
  ],
  ...more,
})

const altered = (topic: string, name = 'retention.ms', value: string | null = '7200000') => ({
  resources: [
    { resourceType: topicResource, resourceName: topic, configs: [{ name, value, configOperation: 0 }] },
  ],
  validateOnly: false,
})

const operated = (topic: string, configOperation: number, name: string, value: string | null) => ({
  resources: [
    { resourceType: topicResource, resourceName: topic, configs: [{ name, value, configOperation }] },
  ],
  validateOnly: false,
})

/** Topics, their configs, and security. */
export const adminCases: readonly ApiCase[] = [
  apiCase(saslHandshakeRequest, { base: () => ({ mechanism: 'PLAIN' }) }),
  apiCase(apiVersionsRequest, {
    isReading: true,
    base: () => ({ clientSoftwareName: 'differential', clientSoftwareVersion: '1.0' }),
  }),
  apiCase(createTopicsRequest, {
    arrange: onlyName,
    isConsumed: true,
    base: ({ topic }) => created(topic, { configs: [{ name: 'retention.ms', value: '7200000' }] }),
    valid: {
      'with replicas by hand': ({ topic }) =>
        created(topic, {
          numPartitions: -1,
          replicationFactor: -1,
          assignments: [
            { partitionIndex: 0, brokerIds: [1] },
            { partitionIndex: 1, brokerIds: [1] },
          ],
        }),
    },
    edge: {
      'the defaults': ({ topic }) => created(topic, { numPartitions: -1, replicationFactor: -1 }),
      'only tried': ({ topic }) => created(topic, {}, { validateOnly: true }),
      'the longest name': ({ topic }) => created(topic.padEnd(249, 'x')),
      'one character too long': ({ topic }) => created(topic.padEnd(250, 'x')),
    },
    broken: {
      'a dot': () => created('.'),
      'the same config twice': ({ topic }) =>
        created(topic, {
          configs: [
            { name: 'retention.ms', value: '1' },
            { name: 'retention.ms', value: '2' },
          ],
        }),
      'a partition left out': ({ topic }) =>
        created(topic, {
          numPartitions: -1,
          replicationFactor: -1,
          assignments: [{ partitionIndex: 1, brokerIds: [1] }],
        }),
    },
  }),
  apiCase(deleteTopicsRequest, {
    arrange: madeTopic,
    isConsumed: true,
    base: ({ topic }, version) => ({
      topics: [{ name: topic, topicId: 'AAAAAAAAAAAAAAAAAAAAAA' }],
      topicNames: version < 6 ? [topic] : [],
      timeoutMs: 10_000,
    }),
    valid: {
      'by id': [6, ({ topicId }) => ({ topics: [{ name: null, topicId }], timeoutMs: 10_000 })],
    },
    broken: {
      'by name and id': [
        6,
        ({ topic, topicId }) => ({ topics: [{ name: topic, topicId }], timeoutMs: 10_000 }),
      ],
    },
  }),
  apiCase(describeAclsRequest, { base: () => aclFilter }),
  apiCase(createAclsRequest, { base: () => ({ creations: [acl] }) }),
  apiCase(deleteAclsRequest, { base: () => ({ filters: [aclFilter] }) }),
  apiCase(describeConfigsRequest, {
    arrange: madeTopic,
    isReading: true,
    base: ({ topic }) => described(topic),
    valid: {
      'all there is of a topic': ({ topic }) => ({
        resources: [{ resourceType: topicResource, resourceName: topic, configurationKeys: null }],
        includeSynonyms: true,
      }),
      'of a broker': () => ({
        resources: [
          { resourceType: brokerResource, resourceName: '1', configurationKeys: ['log.retention.ms'] },
        ],
      }),
      'of a group': ({ topic }) => ({
        resources: [{ resourceType: groupResource, resourceName: topic, configurationKeys: null }],
      }),
    },
    broken: {
      'of a broker that is not there': () => ({
        resources: [{ resourceType: brokerResource, resourceName: '99', configurationKeys: null }],
      }),
      'of a broker without a number': () => ({
        resources: [{ resourceType: brokerResource, resourceName: 'one', configurationKeys: null }],
      }),
    },
  }),
  apiCase(alterConfigsRequest, {
    // Kafka fails inside and never answers.
    without: /resources twice/,
    arrange: madeTopic,
    base: ({ topic }) => altered(topic),
    broken: {
      'a value that is no number': ({ topic }) => altered(topic, 'retention.ms', 'many'),
      'a value out of range': ({ topic }) => altered(topic, 'retention.ms', '-2'),
    },
  }),
  apiCase(saslAuthenticateRequest, { base: () => ({ authBytes: Buffer.from('\0ann\0secret') }) }),
  apiCase(createPartitionsRequest, {
    arrange: madeTopic,
    isConsumed: true,
    base: ({ topic }) => ({
      topics: [{ name: topic, count: 2, assignments: [{ brokerIds: [1] }] }],
      timeoutMs: 10_000,
      validateOnly: false,
    }),
    valid: {
      'assigned by the broker': ({ topic }) => ({
        topics: [{ name: topic, count: 3, assignments: null }],
        timeoutMs: 10_000,
        validateOnly: false,
      }),
    },
    broken: {
      'as many as there are': ({ topic }) => ({
        topics: [{ name: topic, count: 1, assignments: null }],
        timeoutMs: 10_000,
        validateOnly: false,
      }),
      'more assignments than partitions': ({ topic }) => ({
        topics: [{ name: topic, count: 2, assignments: [{ brokerIds: [1] }, { brokerIds: [1] }] }],
        timeoutMs: 10_000,
        validateOnly: false,
      }),
    },
  }),
  apiCase(createDelegationTokenRequest, {
    base: () => ({
      ownerPrincipalType: 'User',
      ownerPrincipalName: 'ann',
      renewers: [{ principalType: 'User', principalName: 'bob' }],
      maxLifetimeMs: 60_000,
    }),
  }),
  apiCase(renewDelegationTokenRequest, {
    base: () => ({ hmac: Buffer.from('token'), renewPeriodMs: 60_000 }),
  }),
  apiCase(expireDelegationTokenRequest, {
    base: () => ({ hmac: Buffer.from('token'), expiryTimePeriodMs: 60_000 }),
  }),
  apiCase(describeDelegationTokenRequest, {
    base: () => ({ owners: [{ principalType: 'User', principalName: 'ann' }] }),
  }),
  apiCase(incrementalAlterConfigsRequest, {
    // Kafka's controller fails inside and answers nothing until it has elected itself again.
    without: /configOperation/,
    arrange: madeTopic,
    base: ({ topic }) => altered(topic),
    valid: {
      'taking away': ({ topic }) => operated(topic, 1, 'retention.ms', null),
      'adding to a list': ({ topic }) => operated(topic, 2, 'cleanup.policy', 'compact'),
      'taking from a list': ({ topic }) => operated(topic, 3, 'cleanup.policy', 'compact'),
    },
    broken: {
      'adding to what is no list': ({ topic }) => operated(topic, 2, 'retention.ms', '1'),
    },
  }),
  apiCase(describeUserScramCredentialsRequest, {
    isReading: true,
    base: () => ({ users: [{ name: 'ann' }] }),
  }),
  apiCase(alterUserScramCredentialsRequest, {
    base: () => ({
      deletions: [{ name: 'nobody', mechanism: 1 }],
      upsertions: [
        {
          name: 'ann',
          mechanism: 1,
          iterations: 4_096,
          salt: Buffer.alloc(20, 1),
          saltedPassword: Buffer.alloc(32, 2),
        },
      ],
    }),
  }),
  apiCase(listConfigResourcesRequest, {
    arrange: madeTopic,
    isReading: true,
    base: () => ({ resourceTypes: [topicResource] }),
    edge: { 'of brokers and groups': [1, () => ({ resourceTypes: [brokerResource, groupResource] })] },
    own: {
      configResources: ({ resourceName, resourceType }, key) =>
        resourceType !== topicResource || resourceName === key,
    },
  }),
]
