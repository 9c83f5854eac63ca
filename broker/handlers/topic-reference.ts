import type { TopicImage } from '../cluster/metadata-image.ts'
import type { HandlerContext } from './handler.ts'

/** From this version on OffsetCommit and OffsetFetch name topics by id alone. */
export const firstVersionWithTopicIds = 10

/** The topic that a group request means, by id or by name as its version has it. */
export function resolveTopic(
  { node, apiVersion }: HandlerContext,
  { name, topicId }: { readonly name: string; readonly topicId: string },
): TopicImage | undefined {
  return apiVersion >= firstVersionWithTopicIds ? node.image.topicById(topicId) : node.image.topic(name)
}
