/* ApiVersions v0-4. An unknown version never gets here: the dispatcher answers it with v0 and error 35. */
import { supportedFeatures } from '../cluster/features.ts'
import { errorCode } from '../protocol/error-codes.ts'
import type { apiVersionsRequest, apiVersionsResponse } from '../protocol/schemas/18-api-versions.ts'
import type { BootstrapHandler } from './handler.ts'

const firstVersionWithSoftware = 3
/** Before it, a client refuses a supported feature whose minimum is 0. */
const firstVersionWithZeroMinimum = 4
/** What a client may call itself (KIP-511). */
const softwareWord = /^[a-zA-Z0-9](?:[a-zA-Z0-9\-.]*[a-zA-Z0-9])?$/

export const apiVersions: BootstrapHandler<typeof apiVersionsRequest, typeof apiVersionsResponse> = (
  context,
  request,
) => {
  const { clientSoftwareName, clientSoftwareVersion } = request
  if (context.apiVersion >= firstVersionWithSoftware) {
    if (!softwareWord.test(clientSoftwareName) || !softwareWord.test(clientSoftwareVersion)) {
      return { errorCode: errorCode.invalidRequest, apiKeys: [] }
    }
    context.connection.softwareName = clientSoftwareName
    context.connection.softwareVersion = clientSoftwareVersion
  }
  const { image } = context.node
  return {
    errorCode: errorCode.none,
    apiKeys: [...context.apis.values()].map(({ key, advertisedMinVersion, maxVersion }) => ({
      apiKey: key,
      minVersion: advertisedMinVersion,
      maxVersion,
    })),
    supportedFeatures: supportedFeatures.filter(
      ({ minVersion }) => minVersion > 0 || context.apiVersion >= firstVersionWithZeroMinimum,
    ),
    finalizedFeaturesEpoch: image.offset,
    finalizedFeatures: [...image.features].map(([name, level]) => ({
      name,
      maxVersionLevel: level,
      minVersionLevel: level,
    })),
  }
}
