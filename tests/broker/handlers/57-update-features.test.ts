import { beforeEach, describe, expect, test } from 'vitest'
import { errorCode } from '../../../broker/protocol/error-codes.ts'
import { apiVersionsRequest, apiVersionsResponse } from '../../../broker/protocol/schemas/18-api-versions.ts'
import {
  incrementalAlterConfigsRequest,
  incrementalAlterConfigsResponse,
} from '../../../broker/protocol/schemas/44-incremental-alter-configs.ts'
import {
  updateFeaturesRequest,
  updateFeaturesResponse,
} from '../../../broker/protocol/schemas/57-update-features.ts'
import {
  consumerGroupHeartbeatRequest,
  consumerGroupHeartbeatResponse,
} from '../../../broker/protocol/schemas/68-consumer-group-heartbeat.ts'
import {
  consumerGroupDescribeRequest,
  consumerGroupDescribeResponse,
} from '../../../broker/protocol/schemas/69-consumer-group-describe.ts'
import { NodeFixture } from './node-fixture.ts'

const [upgrade, safeDowngrade, unsafeDowngrade] = [1, 2, 3]
const elr = 'eligible.leader.replicas.version'

type Update = [feature: string, maxVersionLevel: number, upgradeType: number]

let fixture: NodeFixture

beforeEach(() => {
  fixture = new NodeFixture()
})

function update(updates: Update[], { version = 2, validateOnly = false } = {}) {
  const featureUpdates = updates.map(([feature, maxVersionLevel, upgradeType]) =>
    version === 0
      ? { feature, maxVersionLevel, allowDowngrade: upgradeType !== upgrade }
      : { feature, maxVersionLevel, upgradeType },
  )
  const request = version === 0 ? { featureUpdates } : { featureUpdates, validateOnly }
  return fixture.ask(updateFeaturesRequest, updateFeaturesResponse, version, request)
}

async function levels() {
  const software = { clientSoftwareName: 'test', clientSoftwareVersion: '1' }
  const answer = await fixture.ask(apiVersionsRequest, apiVersionsResponse, 4, software)
  return Object.fromEntries(
    answer.finalizedFeatures.map(({ name, maxVersionLevel }) => [name, maxVersionLevel]),
  )
}

const initial = { 'group.version': 1, 'transaction.version': 2, [elr]: 1, 'metadata.version': 30 }

describe('UpdateFeatures', () => {
  test('of a new cluster finds Kafka’s levels', async () => expect(await levels()).toEqual(initial))

  test('finalizes other levels, which outlive a restart', async () => {
    expect(await update([['transaction.version', 1, safeDowngrade]])).toMatchObject({
      errorCode: 0,
      errorMessage: null,
      results: [],
    })
    expect(await update([['group.version', 0, unsafeDowngrade]])).toMatchObject({ errorCode: 0 })
    fixture.restart()
    expect(await levels()).toEqual({ 'transaction.version': 1, [elr]: 1, 'metadata.version': 30 })
    await update([
      ['transaction.version', 2, upgrade],
      ['group.version', 1, upgrade],
    ])
    expect(await levels()).toEqual(initial)
  })

  test('changes nothing when only validated', async () => {
    expect(await update([['group.version', 0, safeDowngrade]], { validateOnly: true })).toMatchObject({
      errorCode: 0,
    })
    expect(await levels()).toEqual(initial)
  })

  test('makes all updates or none, and names the first that is wrong', async () => {
    const mixed: Update[] = [
      ['transaction.version', 0, safeDowngrade],
      ['group.version', 7, upgrade],
      ['nope', 3, upgrade],
    ]
    expect(await update(mixed)).toMatchObject({
      errorCode: errorCode.invalidUpdateVersion,
      errorMessage: `The update failed for all features since the following feature had an error: Invalid update version 7 for feature group.version. Local controller 0 only supports versions 0-1`,
    })
    expect(await levels()).toEqual(initial)
  })

  test.each<[Update, string]>([
    [
      ['group.version', 0, upgrade],
      "Invalid update version 0 for feature group.version. Can't downgrade the version of this feature without setting the upgrade type to either safe or unsafe downgrade.",
    ],
    [
      ['group.version', -1, safeDowngrade],
      'Invalid update version -1 for feature group.version. A feature version cannot be less than 0.',
    ],
    [
      ['group.version', 1, 0],
      'Invalid update version 1 for feature group.version. The controller does not support the given upgrade type.',
    ],
    [
      ['nope', 1, upgrade],
      'Invalid update version 1 for feature nope. Local controller 0 does not support this feature.',
    ],
    [['nope', 0, safeDowngrade], 'Invalid update version 0 for feature nope. Feature nope not found.'],
    [
      ['metadata.version', 31, upgrade],
      'Invalid update version 31 for feature metadata.version. Local controller 0 only supports versions 7-30',
    ],
    [
      ['metadata.version', 29, safeDowngrade],
      'Unsupported metadata.version downgrade from 30 to 29. Refusing to perform the requested downgrade because it might delete metadata information.',
    ],
    [
      ['metadata.version', 7, unsafeDowngrade],
      'Unsupported metadata.version downgrade from 30 to 7. Unsafe metadata downgrade is not supported in this version.',
    ],
  ])('refuses %j', async (wrong, words) => {
    const prefix = 'The update failed for all features since the following feature had an error: '
    expect(await update([wrong])).toMatchObject({
      errorCode: errorCode.invalidUpdateVersion,
      errorMessage: prefix + words,
    })
  })

  test('a downgrade does not go up', async () => {
    await update([['group.version', 0, safeDowngrade]])
    const { errorMessage } = await update([['group.version', 1, safeDowngrade]])
    expect(errorMessage).toContain("Can't downgrade to a newer version.")
  })

  test('lists the features up to v1; allowDowngrade of v0 is not heard', async () => {
    expect((await update([['group.version', 0, safeDowngrade]], { version: 1 })).results).toEqual([
      { feature: 'group.version', errorCode: 0, errorMessage: 'NONE' },
    ])
    expect(await update([['transaction.version', 1, safeDowngrade]], { version: 0 })).toMatchObject({
      errorCode: errorCode.invalidUpdateVersion,
      results: [],
    })
  })
})

test('without group.version 1 nobody speaks the consumer protocol', async () => {
  await fixture.startCoordinators()
  await update([['group.version', 0, safeDowngrade]])
  const heartbeat = await fixture.ask(consumerGroupHeartbeatRequest, consumerGroupHeartbeatResponse, 1, {
    groupId: 'g',
    memberId: 'm',
    memberEpoch: 0,
    instanceId: null,
    rackId: null,
    rebalanceTimeoutMs: 1000,
    subscribedTopicNames: ['t'],
    subscribedTopicRegex: null,
    serverAssignor: null,
    topicPartitions: [],
  })
  expect(heartbeat.errorCode).toBe(errorCode.unsupportedVersion)
  const { groups } = await fixture.ask(consumerGroupDescribeRequest, consumerGroupDescribeResponse, 1, {
    groupIds: ['g'],
    includeAuthorizedOperations: false,
  })
  expect(groups).toMatchObject([{ groupId: 'g', errorCode: errorCode.unsupportedVersion }])
})

describe('eligible leader replicas', () => {
  const alter = async (resourceName: string, configOperation: number, value: string | null) => {
    const configs = [{ name: 'min.insync.replicas', configOperation, value }]
    const resources = [{ resourceType: 4, resourceName, configs }]
    const { responses } = await fixture.ask(
      incrementalAlterConfigsRequest,
      incrementalAlterConfigsResponse,
      1,
      { resources, validateOnly: false },
    )
    return responses[0]
  }
  const shared = () => fixture.node.image.configs(4, '').get('min.insync.replicas')

  test('have one min.insync.replicas for all brokers', async () => {
    expect(shared()).toBe('1')
    expect(await alter('', 0, '2')).toMatchObject({ errorCode: 0 })
    expect(await alter('', 1, null)).toMatchObject({
      errorCode: errorCode.invalidConfig,
      errorMessage: 'Cluster-level min.insync.replicas cannot be removed while ELR is enabled.',
    })
    expect(await alter('0', 0, '2')).toMatchObject({
      errorCode: errorCode.invalidConfig,
      errorMessage: 'Broker-level min.insync.replicas cannot be altered while ELR is enabled.',
    })
    expect(shared()).toBe('2')
  })

  test('switched off and on again, take over what the broker was started with', async () => {
    fixture = new NodeFixture({ 'min.insync.replicas': '3' })
    expect(shared()).toBe('3')
    await update([[elr, 0, safeDowngrade]])
    expect(await alter('', 1, null)).toMatchObject({ errorCode: 0 })
    expect(await alter('0', 0, '2')).toMatchObject({ errorCode: 0 })
    await update([[elr, 1, upgrade]])
    expect(shared()).toBe('3')
    expect(fixture.node.image.configs(4, '0').size).toBe(0)
  })
})
