import type { Turn } from '../../turn.ts'
import type { ConsumerGroup, ConsumerMember, ResolvedRegex } from './consumer-group.ts'
import { writeRegex } from './records.ts'
import { RegexSyntaxError } from './regex-parser.ts'
import { TopicRegex } from './topic-regex.ts'

/** Why a pattern is refused with INVALID_REGULAR_EXPRESSION; undefined when it is fine. */
export function regexFailure(pattern: string): string | undefined {
  try {
    new TopicRegex(pattern)
    return undefined
  } catch (error) {
    if (!(error instanceof RegexSyntaxError)) throw error
    return `SubscribedTopicRegex \`${pattern}\` is not a valid regular expression: ${error.message}.`
  }
}

/**
 * Brings the resolved patterns of a group in line with a member's new subscription, and with the topics when
 * they have changed; `after` is in the group already. True when the member's topics may differ now.
 */
export function updateRegexes(
  turn: Turn,
  group: ConsumerGroup,
  before: ConsumerMember,
  after: ConsumerMember,
): boolean {
  const old = before.subscribedTopicRegex || null
  const pattern = after.subscribedTopicRegex || null
  const isChanged = old !== pattern
  if (isChanged && old !== null) dropUnused(turn, group, old)
  if (isChanged && pattern !== null && !group.regexes.has(pattern)) {
    writeRegex(turn, group, pattern, resolve(turn, pattern))
  }
  return refreshRegexes(turn, group) || isChanged
}

export function dropUnused(turn: Turn, group: ConsumerGroup, pattern: string | null) {
  if (!pattern || group.regexSubscribers.has(pattern) || !group.regexes.has(pattern)) return
  writeRegex(turn, group, pattern, null)
}

/** Looks again at all topics if they have changed; true when some pattern matches others than before. */
function refreshRegexes(turn: Turn, group: ConsumerGroup): boolean {
  if (!group.regexesStale) return false
  group.regexesStale = false
  let isChanged = false
  for (const [pattern, known] of [...group.regexes]) {
    const resolved = resolve(turn, pattern)
    const isSame =
      resolved.topics.size === known.topics.size && [...resolved.topics].every((t) => known.topics.has(t))
    if (isSame) continue
    writeRegex(turn, group, pattern, resolved)
    isChanged = true
  }
  return isChanged
}

function resolve(turn: Turn, pattern: string): ResolvedRegex {
  const regex = new TopicRegex(pattern)
  const topics = new Set<string>()
  for (const topic of turn.topics.topicNames()) if (regex.matches(topic)) topics.add(topic)
  return { topics, version: 0, timestampMs: turn.nowMs }
}
