import { readdirSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { describe, expect, test } from 'vitest'
import { brokerConfigs } from '../../../../broker/core/config/broker-configs.ts'
import type { ConfigDefinition } from '../../../../broker/core/config/definition.ts'
import { groupConfigs } from '../../../../broker/core/config/group-configs.ts'
import { topicConfigs } from '../../../../broker/core/config/topic-configs.ts'

describe('a broker config that is listed acts', () => {
  const root = resolve(import.meta.dirname, '../../../..')
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
  ]
  const bounds = /^group\.consumer\.(min|max)\.(heartbeat|session|assignment)\./
  const others = Object.keys(brokerConfigs).filter(
    (name) => !inherited.has(name) && !told.includes(name) && !bounds.test(name),
  )

  test.each(others)('%s is read outside the table', (name) =>
    expect(sources.includes(`'${name}'`)).toBe(true),
  )
})
