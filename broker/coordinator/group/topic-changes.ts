import { isSubscribed } from './consumer/consumer-group.ts'
import type { GroupShard } from './group-shard.ts'

/**
 * Marks the consumer groups that the change may concern: they look again at their next heartbeat. Patterns have
 * to look at every change, since any new topic may match. Classic groups learn of changes from their clients.
 */
export function topicsChanged(shard: GroupShard, topicNames: readonly string[]): void {
  for (const group of shard.groups.values()) {
    if (group.type !== 'consumer') continue
    if (group.regexSubscribers.size > 0) group.regexesStale = true
    if (group.regexSubscribers.size > 0 || topicNames.some((topic) => isSubscribed(group, topic))) {
      group.metadataStale = true
    }
  }
}
