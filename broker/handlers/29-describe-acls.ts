import { errorCode } from '../protocol/error-codes.ts'
import type { describeAclsRequest, describeAclsResponse } from '../protocol/schemas/29-describe-acls.ts'
import { refuseUnknown } from './acl-element.ts'
import type { Handler } from './handler.ts'

/** DescribeAcls v1–3. There is no authorizer, as in a Kafka without one. */
export const describeAcls: Handler<typeof describeAclsRequest, typeof describeAclsResponse> = (_, filter) => {
  const { resourceTypeFilter, patternTypeFilter, operation, permissionType } = filter
  refuseUnknown('DescribeAcls', [resourceTypeFilter, patternTypeFilter, operation, permissionType])
  return {
    throttleTimeMs: 0,
    errorCode: errorCode.securityDisabled,
    errorMessage: 'No authorizer is configured: this broker has no acls.',
    resources: [],
  }
}
