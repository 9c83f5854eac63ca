import { errorCode } from '../protocol/error-codes.ts'
import type { updateFeaturesRequest, updateFeaturesResponse } from '../protocol/schemas/57-update-features.ts'
import type { Handler } from './handler.ts'

/** From it on the answer has one error for all features and no list of them (KIP-1022). */
const firstVersionWithoutResults = 2

/** UpdateFeatures v0–2 (KIP-584): all of the updates or none. `allowDowngrade` of v0 is not heard, as in Kafka. */
export const updateFeatures: Handler<typeof updateFeaturesRequest, typeof updateFeaturesResponse> = (
  { node, apiVersion },
  { featureUpdates, validateOnly },
) => {
  const updates = new Map(
    featureUpdates.map(({ feature, maxVersionLevel, upgradeType }) => [
      feature,
      { level: maxVersionLevel, upgradeType },
    ]),
  )
  const outcome = node.controller.updateFeatures(updates, { validateOnly })
  const isDone = outcome.errorCode === errorCode.none
  const results =
    isDone && apiVersion < firstVersionWithoutResults
      ? [...updates.keys()].map((feature) => ({
          feature,
          errorCode: errorCode.none,
          errorMessage: 'NONE',
        }))
      : []
  return { throttleTimeMs: 0, errorCode: outcome.errorCode, errorMessage: outcome.message, results }
}
