import { errorCode } from '../protocol/error-codes.ts'
import type { deleteAclsRequest, deleteAclsResponse } from '../protocol/schemas/31-delete-acls.ts'
import { refuseUnknown } from './acl-element.ts'
import type { Handler } from './handler.ts'

/** DeleteAcls v1–3. There is no authorizer, as in a Kafka without one. */
export const deleteAcls: Handler<typeof deleteAclsRequest, typeof deleteAclsResponse> = (_, { filters }) => {
  for (const { resourceTypeFilter, patternTypeFilter, operation, permissionType } of filters) {
    refuseUnknown('DeleteAcls', [resourceTypeFilter, patternTypeFilter, operation, permissionType])
  }
  return {
    throttleTimeMs: 0,
    filterResults: filters.map(() => ({
      errorCode: errorCode.securityDisabled,
      errorMessage: 'No authorizer is configured: this broker has no acls.',
      matchingAcls: [],
    })),
  }
}
