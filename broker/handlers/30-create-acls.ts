import { errorCode } from '../protocol/error-codes.ts'
import type { createAclsRequest, createAclsResponse } from '../protocol/schemas/30-create-acls.ts'
import { refuseUnknown } from './acl-element.ts'
import type { Handler } from './handler.ts'

/** CreateAcls v1–3. There is no authorizer, as in a Kafka without one. */
export const createAcls: Handler<typeof createAclsRequest, typeof createAclsResponse> = (
  _,
  { creations },
) => {
  for (const { resourceType, resourcePatternType, operation, permissionType } of creations) {
    refuseUnknown('CreateAcls', [resourceType, resourcePatternType, operation, permissionType])
  }
  return {
    throttleTimeMs: 0,
    results: creations.map(() => ({
      errorCode: errorCode.securityDisabled,
      errorMessage: 'No authorizer is configured: this broker has no acls.',
    })),
  }
}
