import type { ConfigTable, ConfigValues } from './definition.ts'
import { int } from './definition.ts'
import { atLeast } from './validator.ts'

/** The configs of one group (KIP-848); share and streams groups bring theirs when they come. */
export const groupConfigs = {
  'consumer.assignment.interval.ms': int(1000, 'The shortest time between two target assignments.', {
    validate: atLeast(0),
    synonyms: ['group.consumer.assignment.interval.ms'],
  }),
  'consumer.heartbeat.interval.ms': int(5000, 'The heartbeat interval told to members.', {
    validate: atLeast(1),
    synonyms: ['group.consumer.heartbeat.interval.ms'],
  }),
  'consumer.session.timeout.ms': int(
    45_000,
    'How long a member may be silent before its partitions go to others.',
    { validate: atLeast(1), synonyms: ['group.consumer.session.timeout.ms'] },
  ),
} satisfies ConfigTable

/** The effective configs of a consumer group, parsed. */
export type GroupConfig = ConfigValues<typeof groupConfigs>
