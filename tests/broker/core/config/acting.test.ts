import { readdirSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { describe, expect, test } from 'vitest'
import { brokerConfigs } from '../../../../broker/core/config/broker-configs.ts'
import type { ConfigDefinition } from '../../../../broker/core/config/definition.ts'
import { groupConfigs } from '../../../../broker/core/config/group-configs.ts'
import { topicConfigs } from '../../../../broker/core/config/topic-configs.ts'

const root = resolve(import.meta.dirname, '../../../..')

describe('a broker config that is listed acts', () => {
  const sources = readdirSync(join(root, 'broker'), { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.ts') && !path.startsWith('core/config/'))
    .map((path) => readFileSync(join(root, 'broker', path), 'utf8'))
    .join('\n')
  const inherited = new Set(
    Object.values<ConfigDefinition>({ ...topicConfigs, ...groupConfigs }).flatMap(({ synonyms }) =>
      synonyms.map(({ name }) => name),
    ),
  )
  // Names of facts, not of settings: they say what this broker is.
  const told = [
    'authorizer.class.name',
    'broker.id',
    'group.coordinator.rebalance.protocols',
    'process.roles',
    'remote.log.storage.system.enable',
  ]
  const bounds = /^group\.consumer\.(min|max)\.(heartbeat|session|assignment)\./
  const others = Object.keys(brokerConfigs).filter(
    (name) => !inherited.has(name) && !told.includes(name) && !bounds.test(name),
  )

  test.each(others)('%s is read outside the table', (name) =>
    expect(sources.includes(`'${name}'`)).toBe(true),
  )
})

describe('a topic config that is listed acts', () => {
  const mapped = readFileSync(join(root, 'broker/cluster/topic-log-config.ts'), 'utf8')
  const handlers = readFileSync(join(root, 'broker/handlers/00-produce.ts'), 'utf8')
  /** Those that act as in a Kafka of one node without tiered storage: not at all, or not yet (GAPS.md). */
  const silent = {
    'without levels of LZ4': ['compression.lz4.level'],
    'without followers': [
      'follower.replication.throttled.replicas',
      'leader.replication.throttled.replicas',
      'unclean.leader.election.enable',
    ],
    'without tiered storage': [
      'local.retention.bytes',
      'local.retention.ms',
      'remote.log.copy.disable',
      'remote.log.delete.on.disable',
      'remote.storage.enable',
    ],
  }
  const acting = Object.keys(topicConfigs).filter((name) => !Object.values(silent).flat().includes(name))

  test.each(acting)('%s is read by the log or by Produce', (name) =>
    expect(
      mapped.includes(`'${name}'`) || mapped.includes(`topic.${name}`) || handlers.includes(`'${name}'`),
    ).toBe(true),
  )
})
