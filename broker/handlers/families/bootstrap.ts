import { metadataRequest, metadataResponse } from '../../protocol/schemas/03-metadata.ts'
import { apiVersionsRequest, apiVersionsResponse } from '../../protocol/schemas/18-api-versions.ts'
import { metadata } from '../03-metadata.ts'
import { apiVersions } from '../18-api-versions.ts'
import { type ApiHandler, apiHandler } from '../api.ts'

/** What a client asks of a bootstrap server before anything else: loaded with the broker itself. */
export const bootstrap: readonly ApiHandler[] = [
  apiHandler(metadataRequest, metadataResponse, metadata),
  apiHandler(apiVersionsRequest, apiVersionsResponse, apiVersions),
]
