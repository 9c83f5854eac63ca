import { describe, expect, test } from 'vitest'
import { errorCode } from '../../../broker/protocol/error-codes.ts'
import {
  unregisterBrokerRequest,
  unregisterBrokerResponse,
} from '../../../broker/protocol/schemas/64-unregister-broker.ts'
import {
  addRaftVoterRequest,
  addRaftVoterResponse,
} from '../../../broker/protocol/schemas/80-add-raft-voter.ts'
import {
  removeRaftVoterRequest,
  removeRaftVoterResponse,
} from '../../../broker/protocol/schemas/81-remove-raft-voter.ts'
import { NodeFixture } from './node-fixture.ts'

const fixture = new NodeFixture()

describe('UnregisterBroker', () => {
  const unregister = (brokerId: number) =>
    fixture.ask(unregisterBrokerRequest, unregisterBrokerResponse, 0, { brokerId })

  test('knows who is not registered', async () =>
    expect(await unregister(99)).toEqual({
      throttleTimeMs: 0,
      errorCode: errorCode.brokerIdNotRegistered,
      errorMessage: 'Broker ID 99 is not currently registered',
    }))

  test('leaves the running broker in its place', async () => {
    expect(await unregister(0)).toMatchObject({ errorCode: errorCode.invalidRequest })
    expect(fixture.node.image.brokers()).toHaveLength(1)
  })
})

const directory = 'AAAAAAAAAAAAAAAAAAAAAQ'
const noDirectory = 'AAAAAAAAAAAAAAAAAAAAAA'

describe('AddRaftVoter', () => {
  const add = (version: number, changes: object) =>
    fixture.ask(addRaftVoterRequest, addRaftVoterResponse, version, {
      clusterId: null,
      timeoutMs: 1000,
      voterId: 9,
      voterDirectoryId: directory,
      listeners: [{ name: 'CONTROLLER', host: 'localhost', port: 1234 }],
      ...changes,
    })

  test.each([0, 1])('v%i: the quorum is static', async (version) =>
    expect(await add(version, {})).toEqual({
      throttleTimeMs: 0,
      errorCode: errorCode.unsupportedVersion,
      errorMessage: "Cluster doesn't support adding voter because the kraft.version feature is 0",
    }),
  )

  test.each([
    [{ clusterId: 'other' }, errorCode.inconsistentClusterId],
    [{ voterDirectoryId: noDirectory }, errorCode.invalidRequest],
    [{ voterId: -1 }, errorCode.invalidRequest],
    [{ listeners: [] }, errorCode.invalidRequest],
  ])('refuses %j with %i', async (changes, code) =>
    expect(await add(1, changes)).toMatchObject({ errorCode: code }),
  )
})

test.each([
  [{ clusterId: 'cluster', voterId: 0, voterDirectoryId: directory }, errorCode.unsupportedVersion],
  [{ clusterId: 'other', voterId: 0, voterDirectoryId: directory }, errorCode.inconsistentClusterId],
  [{ clusterId: null, voterId: -1, voterDirectoryId: directory }, errorCode.invalidRequest],
])('RemoveRaftVoter answers %j with %i', async (request, code) =>
  expect(await fixture.ask(removeRaftVoterRequest, removeRaftVoterResponse, 0, request)).toMatchObject({
    errorCode: code,
  }),
)

describe('with kraft.version 1', () => {
  const dynamic = new NodeFixture()
  dynamic.node.controller.updateFeatures(new Map([['kraft.version', { level: 1, upgradeType: 1 }]]))
  const listeners = [{ name: 'CONTROLLER', host: 'localhost', port: 1234 }]
  const voters = `[ReplicaKey(id=0, directoryId=${dynamic.node.directoryId})]`

  test('there is no way back', () =>
    expect(
      dynamic.node.controller.updateFeatures(new Map([['kraft.version', { level: 0, upgradeType: 3 }]])),
    ).toMatchObject({ message: expect.stringContaining("Can't downgrade the version of this feature.") }))

  test.each([
    [
      0,
      errorCode.duplicateVoter,
      `The voter id for ReplicaKey(id=0, directoryId=${directory}) is already part of the set of voters ${voters}.`,
    ],
    [9, errorCode.requestTimedOut, expect.any(String)],
  ])('voter %i is not added', async (voterId, code, errorMessage) =>
    expect(
      await dynamic.ask(addRaftVoterRequest, addRaftVoterResponse, 1, {
        clusterId: null,
        timeoutMs: 1000,
        voterId,
        voterDirectoryId: directory,
        listeners,
      }),
    ).toMatchObject({ errorCode: code, errorMessage }),
  )

  test.each([0, 9])('voter %i is not removed', async (voterId) =>
    expect(
      await dynamic.ask(removeRaftVoterRequest, removeRaftVoterResponse, 0, {
        clusterId: null,
        voterId,
        voterDirectoryId: directory,
      }),
    ).toMatchObject({
      errorCode: errorCode.voterNotFound,
      errorMessage: `Cannot remove voter ReplicaKey(id=${voterId}, directoryId=${directory}) from the set of voters ${voters}`,
    }),
  )
})
