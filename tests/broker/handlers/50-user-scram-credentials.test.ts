import { beforeEach, describe, expect, test } from 'vitest'
import { errorCode } from '../../../broker/protocol/error-codes.ts'
import {
  describeUserScramCredentialsRequest,
  describeUserScramCredentialsResponse,
} from '../../../broker/protocol/schemas/50-describe-user-scram-credentials.ts'
import {
  alterUserScramCredentialsRequest,
  alterUserScramCredentialsResponse,
} from '../../../broker/protocol/schemas/51-alter-user-scram-credentials.ts'
import { NodeFixture } from './node-fixture.ts'

const [sha256, sha512] = [1, 2]

type Deletion = { name: string; mechanism: number }
type Upsertion = Deletion & { iterations: number; salt: Buffer; saltedPassword: Buffer }

const upsertion = (name: string, mechanism = sha256, iterations = 4096): Upsertion => {
  return { name, mechanism, iterations, salt: Buffer.from('salt'), saltedPassword: Buffer.alloc(32, 1) }
}

let fixture: NodeFixture

beforeEach(() => {
  fixture = new NodeFixture()
})

async function alter(upsertions: Upsertion[], deletions: Deletion[] = []) {
  const request = { deletions, upsertions }
  return fixture.ask(alterUserScramCredentialsRequest, alterUserScramCredentialsResponse, 0, request)
}

async function describeUsers(users: string[] | null) {
  const request = { users: users?.map((name) => ({ name })) ?? null }
  return fixture.ask(describeUserScramCredentialsRequest, describeUserScramCredentialsResponse, 0, request)
}

describe('AlterUserScramCredentials', () => {
  test('writes credentials, which are described and outlive a restart', async () => {
    const { results } = await alter([upsertion('u'), upsertion('w', sha512, 8192)])
    expect(results).toEqual([
      { user: 'u', errorCode: 0, errorMessage: null },
      { user: 'w', errorCode: 0, errorMessage: null },
    ])
    await alter([upsertion('u', sha512, 5000)])
    fixture.restart()
    expect(await describeUsers(null)).toMatchObject({
      errorCode: 0,
      results: [
        {
          user: 'u',
          credentialInfos: [
            { mechanism: sha256, iterations: 4096 },
            { mechanism: sha512, iterations: 5000 },
          ],
        },
        { user: 'w', credentialInfos: [{ mechanism: sha512, iterations: 8192 }] },
      ],
    })
  })

  test('takes them away, one mechanism at a time', async () => {
    await alter([upsertion('u')])
    await alter([upsertion('u', sha512)])
    expect((await alter([], [{ name: 'u', mechanism: sha256 }])).results[0]?.errorCode).toBe(0)
    expect((await describeUsers(['u'])).results[0]?.credentialInfos).toEqual([
      { mechanism: sha512, iterations: 4096 },
    ])
    await alter([], [{ name: 'u', mechanism: sha512 }])
    fixture.restart()
    expect((await describeUsers([])).results).toEqual([])
  })

  test.each<[string, Upsertion[], Deletion[], number, string | null]>([
    ['few iterations', [upsertion('u', sha256, 4095)], [], 93, 'Too few iterations'],
    ['many iterations', [upsertion('u', sha256, 16_385)], [], 93, 'Too many iterations'],
    ['no user', [upsertion('')], [], 93, 'Username must not be empty'],
    ['an unknown mechanism', [upsertion('u', 7)], [], 33, 'Unknown SCRAM mechanism'],
    ['no password', [{ ...upsertion('u'), saltedPassword: Buffer.alloc(0) }], [], -1, null],
    [
      'what is not there',
      [],
      [{ name: 'u', mechanism: sha256 }],
      91,
      'Attempt to delete a user credential that does not exist',
    ],
    ['an unknown mechanism', [], [{ name: 'u', mechanism: 0 }], 33, 'Unknown SCRAM mechanism'],
  ])('refuses %s', async (_, upsertions, deletions, code, errorMessage) => {
    const { results } = await alter([...upsertions, upsertion('other')], deletions)
    const user = [...upsertions, ...deletions][0]!.name
    expect(results).toContainEqual({ user, errorCode: code, errorMessage })
    expect(results).toContainEqual({ user: 'other', errorCode: 0, errorMessage: null })
  })
})

test('DescribeUserScramCredentials names who is unknown or asked for twice', async () => {
  await alter([upsertion('u')])
  expect((await describeUsers(['u', 'nobody', 'u'])).results).toEqual([
    {
      user: 'u',
      errorCode: errorCode.duplicateResource,
      errorMessage: 'Cannot describe SCRAM credentials for the same user twice in a single request: u',
      credentialInfos: [],
    },
    {
      user: 'nobody',
      errorCode: errorCode.resourceNotFound,
      errorMessage: 'Attempt to describe a user credential that does not exist: nobody',
      credentialInfos: [],
    },
  ])
})
