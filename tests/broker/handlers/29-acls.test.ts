import { expect, test } from 'vitest'
import { errorCode } from '../../../broker/protocol/error-codes.ts'
import {
  describeAclsRequest,
  describeAclsResponse,
} from '../../../broker/protocol/schemas/29-describe-acls.ts'
import { createAclsRequest, createAclsResponse } from '../../../broker/protocol/schemas/30-create-acls.ts'
import { deleteAclsRequest, deleteAclsResponse } from '../../../broker/protocol/schemas/31-delete-acls.ts'
import { NodeFixture } from './node-fixture.ts'

const filter = {
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
const disabled = { errorCode: errorCode.securityDisabled, errorMessage: expect.any(String) }

test.each([1, 2, 3])(
  'v%i of DescribeAcls, CreateAcls, DeleteAcls: there is no authorizer',
  async (version) => {
    const fixture = new NodeFixture()
    expect(await fixture.ask(describeAclsRequest, describeAclsResponse, version, filter)).toMatchObject({
      ...disabled,
      resources: [],
    })
    expect(
      await fixture.ask(createAclsRequest, createAclsResponse, version, { creations: [acl, acl] }),
    ).toMatchObject({ results: [disabled, disabled] })
    expect(
      await fixture.ask(deleteAclsRequest, deleteAclsResponse, version, { filters: [filter] }),
    ).toMatchObject({ filterResults: [{ ...disabled, matchingAcls: [] }] })
  },
)
