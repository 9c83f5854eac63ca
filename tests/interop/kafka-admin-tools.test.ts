import { randomUUID } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest'
import { kafkaClassPath } from '../support/kafka-jars.ts'
import { runJava } from './java-tool.ts'

/* Apache Kafka's tools for a cluster's operators, on what a single node without security has to say to them. */
const tools = {
  topics: 'org.apache.kafka.tools.TopicCommand',
  configs: 'kafka.admin.ConfigCommand',
  features: 'org.apache.kafka.tools.FeatureCommand',
  delegationTokens: 'org.apache.kafka.tools.DelegationTokenCommand',
  cluster: 'org.apache.kafka.tools.ClusterTool',
  quorum: 'org.apache.kafka.tools.MetadataQuorumCommand',
  leaderElection: 'org.apache.kafka.tools.LeaderElectionCommand',
  reassign: 'org.apache.kafka.tools.reassign.ReassignPartitionsCommand',
  clientMetrics: 'org.apache.kafka.tools.ClientMetricsCommand',
  producerPerformance: 'org.apache.kafka.tools.ProducerPerformance',
  consumerPerformance: 'org.apache.kafka.tools.ConsumerPerformance',
  verifiableProducer: 'org.apache.kafka.tools.VerifiableProducer',
  latency: 'org.apache.kafka.tools.EndToEndLatency',
  dumpLog: 'org.apache.kafka.tools.DumpLogSegments',
} as const

/** A JVM takes a second to start, and far more on a busy machine. */
const timeoutMs = 100_000
const topic = `admin-${randomUUID().slice(0, 8)}`
const user = `${topic}-user`
let folder: string

beforeAll(async () => {
  await kafkaClassPath()
  folder = mkdtempSync(join(tmpdir(), 'admin-tools-'))
  await run('topics', ['--create', '--topic', topic, '--partitions', '2'])
}, 300_000)

afterAll(() => rmSync(folder, { recursive: true, force: true }))

/** What a tool prints, whether it succeeded or not. */
async function output(
  tool: keyof typeof tools,
  args: readonly string[],
  before: readonly string[] = [],
): Promise<{ code: number; output: string }> {
  return runJava(tools[tool], [...before, '--bootstrap-server', inject('bootstrap'), ...args], { timeoutMs })
}

async function run(
  tool: keyof typeof tools,
  args: readonly string[],
  before?: readonly string[],
): Promise<string> {
  const { code, output: printed } = await output(tool, args, before)
  if (code !== 0) throw new Error(`${tool} ${args.join(' ')} ended with ${code}\n${printed}`)
  return printed
}

function file(name: string, content: string): string {
  const path = join(folder, name)
  writeFileSync(path, content)
  return path
}

describe('Apache Kafka’s operators’ tools', { timeout: 240_000 }, () => {
  test('kafka-features describes, upgrades and downgrades', async () => {
    const levelOf = async (feature: string) => {
      const described = await run('features', ['describe'])
      return new RegExp(`Feature: ${feature}\\s.*FinalizedVersionLevel: (\\S+)`).exec(described)?.[1]
    }
    const elr = 'eligible.leader.replicas.version'
    expect(await levelOf('metadata.version')).toBe('4.3-IV0')
    expect(await levelOf(elr)).toBe('1')
    const downgrade = ['downgrade', '--feature', `${elr}=0`]
    expect(await run('features', [...downgrade, '--dry-run'])).toContain(`${elr} can be downgraded to 0.`)
    expect(await run('features', downgrade)).toContain(`${elr} was downgraded to 0.`)
    expect(await levelOf(elr)).toBe('0')
    expect(await run('features', ['upgrade', '--feature', `${elr}=1`])).toContain(`${elr} was upgraded to 1.`)
    const refused = await output('features', ['downgrade', '--feature', 'metadata.version=7'])
    expect(refused.code).not.toBe(0)
    expect(refused.output).toContain('Unsupported metadata.version downgrade from 30 to 7.')
  })

  test('kafka-configs keeps SCRAM credentials and quotas of users', async () => {
    const entity = ['--entity-type', 'users', '--entity-name', user]
    const add = (config: string) => run('configs', ['--alter', ...entity, '--add-config', config])
    await add('SCRAM-SHA-256=[iterations=8192,password=secret]')
    await add('SCRAM-SHA-512=[password=secret]')
    await add('producer_byte_rate=1000000,controller_mutation_rate=10')
    const shown = await run('configs', ['--describe', ...entity])
    expect(shown).toContain('controller_mutation_rate=10.0, producer_byte_rate=1000000.0')
    expect(shown).toContain('SCRAM-SHA-256=iterations=8192')
    expect(shown).toContain('SCRAM-SHA-512=iterations=4096')
    await run('configs', ['--alter', ...entity, '--delete-config', 'SCRAM-SHA-256'])
    const left = await run('configs', ['--describe', ...entity])
    expect(left).not.toContain('SCRAM-SHA-256')
    const again = await output('configs', ['--alter', ...entity, '--delete-config', 'SCRAM-SHA-256'])
    expect(again.output).toContain('ResourceNotFoundException')
  })

  test('kafka-configs keeps rates of connections by address', async () => {
    const entity = ['--entity-type', 'ips', '--entity-name', '192.0.2.7']
    await run('configs', ['--alter', ...entity, '--add-config', 'connection_creation_rate=7'])
    expect(await run('configs', ['--describe', ...entity])).toContain('connection_creation_rate=7.0')
    await run('configs', ['--alter', ...entity, '--delete-config', 'connection_creation_rate'])
    expect(await run('configs', ['--describe', ...entity])).not.toContain('connection_creation_rate=')
  })

  test('kafka-client-metrics keeps subscriptions', async () => {
    const subscription = ['--metrics', 'org.apache', '--interval', '10000', '--match', 'client_id=x']
    await run('clientMetrics', ['--alter', '--name', topic, ...subscription])
    expect(await run('clientMetrics', ['--describe', '--name', topic])).toContain('interval.ms=10000')
    await run('clientMetrics', ['--delete', '--name', topic])
    expect(await run('clientMetrics', ['--list'])).not.toContain(topic)
  })

  test('kafka-delegation-tokens hears that a plaintext connection gets none', async () => {
    const config = ['--command-config', file('client.properties', '')]
    const { output: printed } = await output('delegationTokens', [
      '--create',
      '--max-life-time-period',
      '-1',
      ...config,
    ])
    expect(printed).toContain('Delegation Token requests are not allowed on PLAINTEXT')
  })

  test('kafka-cluster lists endpoints, and knows who is not registered', async () => {
    expect(await run('cluster', [], ['list-endpoints'])).toMatch(/unfenced\s+broker/)
    const { output: printed } = await output('cluster', ['--id', '99'], ['unregister'])
    expect(printed).toContain('Broker ID 99 is not currently registered')
  })

  test('kafka-metadata-quorum describes the quorum', async () => {
    const status = await run('quorum', ['describe', '--status'])
    expect(status).toMatch(/LeaderId:\s+\d+/)
    expect(status).toMatch(/MaxFollowerLag:\s+0/)
    expect(await run('quorum', ['describe', '--replication'])).toMatch(/\d+\s+Leader/)
  })

  test('kafka-leader-election finds nothing to elect', async () => {
    const election = ['--election-type', 'preferred', '--topic', topic, '--partition', '0']
    expect(await run('leaderElection', election)).toContain(
      `Valid replica already elected for partitions ${topic}-0`,
    )
  })

  test('kafka-reassign-partitions generates, executes and verifies', async () => {
    const wanted = file('topics.json', JSON.stringify({ version: 1, topics: [{ topic }] }))
    const endpoints = await run('cluster', [], ['list-endpoints'])
    const brokerId = /^(\d+)\s/m.exec(endpoints)![1]!
    const generated = await run('reassign', [
      '--generate',
      ...['--topics-to-move-json-file', wanted],
      ...['--broker-list', brokerId],
    ])
    const proposed = generated.split('\n').findLast((line) => line.startsWith('{'))!
    const plan = ['--reassignment-json-file', file('plan.json', proposed)]
    expect(await run('reassign', ['--execute', ...plan])).toMatch(
      /Successfully started partition reassignments? for/,
    )
    expect(await run('reassign', ['--verify', ...plan])).toContain(
      `Reassignment of partition ${topic}-0 is completed.`,
    )
    expect(await run('reassign', ['--list'])).toContain('No partition reassignments found.')
  })

  test('the performance tools write, read and measure', async () => {
    const load = ['--topic', topic, '--num-records', '2000']
    const written = await run('producerPerformance', [...load, '--record-size', '100', '--throughput', '-1'])
    expect(written).toContain('2000 records sent')
    const read = await run('consumerPerformance', load)
    expect(read.trim().split('\n').at(-1)).toMatch(/, 2000, /)
    const sent = await run('verifiableProducer', ['--topic', topic, '--max-messages', '3'])
    expect(sent).toContain('"sent":3,"acked":3')
    const measured = await run('latency', [
      ...['--topic', topic, '--num-records', '20'],
      ...['--producer-acks', 'all', '--record-size', '50'],
    ])
    expect(measured).toContain('Percentiles: 50th')
  })

  test('kafka-dump-log reads our metadata log', async (context) => {
    const dataDir = inject('dataDir')
    if (!dataDir) return context.skip()
    const path = join(dataDir, '__cluster_metadata-0/00000000000000000000.log')
    const { code, output: printed } = await runJava(
      tools.dumpLog,
      ['--cluster-metadata-decoder', '--files', path],
      { timeoutMs },
    )
    expect(code, printed.slice(0, 2000)).toBe(0)
    expect(printed).toContain('"name":"metadata.version","featureLevel":30')
    expect(printed).toContain(`"type":"USER_SCRAM_CREDENTIAL_RECORD","version":0,"data":{"name":"${user}"`)
    expect(printed).toContain('REMOVE_USER_SCRAM_CREDENTIAL_RECORD')
  })
})
