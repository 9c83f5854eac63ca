import type { ConfigTable } from './definition.ts'
import { boolean, int, short } from './definition.ts'
import { atLeast } from './validator.ts'

/** Broker configs of the transaction coordinator and of `__transaction_state`. */
export const brokerTransactionConfigs = {
  'transaction.abort.timed.out.transaction.cleanup.interval.ms': int(
    10_000,
    'How often transactions that have timed out are looked for and aborted.',
    { validate: atLeast(1) },
  ),
  'transaction.max.timeout.ms': int(900_000, 'The largest transaction timeout that a producer may ask for.', {
    validate: atLeast(1),
  }),
  'transaction.partition.verification.enable': boolean(
    true,
    'Takes transactional records only for partitions that are part of the transaction.',
    { update: 'cluster-wide' },
  ),
  'transaction.remove.expired.transaction.cleanup.interval.ms': int(
    3_600_000,
    'How often transactional ids that have expired are looked for and forgotten.',
    { validate: atLeast(1) },
  ),
  'transaction.state.log.min.isr': int(1, 'The min.insync.replicas of __transaction_state.', {
    validate: atLeast(1),
  }),
  'transaction.state.log.num.partitions': int(
    50,
    'Partitions of __transaction_state; read when that topic is created.',
    { validate: atLeast(1) },
  ),
  'transaction.state.log.replication.factor': short(
    1,
    'Replicas of __transaction_state; read when that topic is created.',
    { validate: atLeast(1) },
  ),
  'transaction.state.log.segment.bytes': int(104_857_600, 'The segment size of __transaction_state.', {
    validate: atLeast(1),
  }),
  'transactional.id.expiration.ms': int(
    604_800_000,
    'How long a transactional id that is not used is remembered.',
    { validate: atLeast(1) },
  ),
} satisfies ConfigTable
