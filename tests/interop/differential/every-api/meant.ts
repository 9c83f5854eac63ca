import type { MeantDifference } from '../compare.ts'

const insideReason = 'Kafka fails inside and answers UNKNOWN_SERVER_ERROR; ours says whose fault it is.'
const insideGap = 'Where Kafka fails inside'
const twiceReason =
  'What stands twice in one request is answered twice; Kafka answers it once, or with fewer fields.'
const twiceGap = 'What stands twice in one request'

/** Where an answer differs from Kafka's on purpose, whatever the API; each stands in GAPS.md. */
export const meantEverywhere: readonly MeantDifference[] = [
  {
    path: /[eE]rrorMessage$/,
    kafka: /no words|none/,
    ours: /some words|none/,
    reason: 'Our error messages have words of their own, also where Kafka sends none.',
    gap: 'Error messages',
  },
  { step: / twice$|two of the same$/, path: /./, reason: twiceReason, gap: twiceGap },
  {
    step: /^Fetch .*sessionId (greatest|least)$/,
    path: /./,
    reason: insideReason,
    gap: insideGap,
  },
  {
    step: /^(JoinGroup .*groupInstanceId|CreateDelegationToken .*ownerPrincipalType null)/,
    path: /./,
    reason: insideReason,
    gap: insideGap,
  },
  {
    step: /^DescribeTopicPartitions .*topics\[0\]\.name empty/,
    path: /(errorCode|topicAuthorizedOperations)$/,
    reason: insideReason,
    gap: insideGap,
  },
  {
    step: /^Fetch .*replica(Id|State)/,
    path: /(currentLeader\.|^nodeEndpoints)/,
    reason: 'Kafka tells it from v16 on, and leaves the address out where a follower asks.',
    gap: 'The leader and its address come with NOT_LEADER_OR_FOLLOWER',
  },
  {
    step: /^AlterClientQuotas .*NaN/,
    path: /errorCode$/,
    reason: 'A quota that is not a number is refused.',
    gap: 'A quota that is not a number',
  },
  {
    step: /^ApiVersions/,
    path: /^(apiKeys|supportedFeatures|finalizedFeatures)/,
    kafka: /^(?!none)/,
    reason: 'Only what works is advertised.',
    gap: 'APIs that are not listed in ApiVersions are not there',
  },
  {
    step: /^DescribeConfigs .*of a group/,
    path: /configs(\.length|\[(share|streams)\.[^\]]+\])/,
    reason: 'There are no share and streams groups yet, so their configs are not listed.',
    gap: 'Share groups, streams groups',
  },
  {
    step: /^DescribeQuorum/,
    path: /replicaDirectoryId$/,
    reason: 'The quorum of one node is dynamic (kraft.version 1), that of the Kafka of the test is static.',
  },
  {
    step: /^DescribeQuorum/,
    path: /(logEndOffset|highWatermark|leaderEpoch)$/,
    reason: 'Each metadata log has its own length, and Kafka elects itself a few times at its start.',
  },
  {
    step: /^DescribeQuorum/,
    path: /^nodes\[\]\.listeners/,
    reason: 'The controller has no listener of its own: it answers on the one that there is.',
  },
  {
    step: /^ConsumerGroupHeartbeat .*by a pattern/,
    path: /^(assignment|memberEpoch)/,
    reason: 'A pattern is evaluated at once, in Kafka by a thread of its own some time later.',
    gap: 'group.consumer.regex.refresh.interval.ms',
  },
  {
    step: /^JoinGroup .*protocols\[0\]\.name empty/,
    path: /^protocolName$/,
    reason: 'Kafka tells no name where the chosen protocol has an empty one.',
    gap: 'Where Kafka fails inside',
  },
]
