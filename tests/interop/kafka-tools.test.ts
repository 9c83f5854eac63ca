import { randomUUID } from 'node:crypto'
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { beforeAll, describe, expect, inject, test } from 'vitest'
import { kafkaClassPath } from '../support/kafka-jars.ts'
import { runJava } from './java-tool.ts'

/** Apache Kafka's own command-line tools, as their shell scripts start them, against the broker under test. */
const tools = {
  topics: 'org.apache.kafka.tools.TopicCommand',
  configs: 'kafka.admin.ConfigCommand',
  groups: 'org.apache.kafka.tools.consumer.group.ConsumerGroupCommand',
  allGroups: 'org.apache.kafka.tools.GroupsCommand',
  producer: 'org.apache.kafka.tools.ConsoleProducer',
  consumer: 'org.apache.kafka.tools.consumer.ConsoleConsumer',
  offsets: 'org.apache.kafka.tools.GetOffsetShell',
  deleteRecords: 'org.apache.kafka.tools.DeleteRecordsCommand',
  logDirs: 'org.apache.kafka.tools.LogDirsCommand',
  dumpLog: 'org.apache.kafka.tools.DumpLogSegments',
  apiVersions: 'org.apache.kafka.tools.BrokerApiVersionsCommand',
  acls: 'org.apache.kafka.tools.AclCommand',
  cluster: 'org.apache.kafka.tools.ClusterTool',
  producerPerformance: 'org.apache.kafka.tools.ProducerPerformance',
} as const

/** A JVM takes a second to start, and far more on a busy machine. */
const timeoutMs = 100_000
const topic = `tools-${randomUUID().slice(0, 8)}`
const group = `${topic}-group`

beforeAll(async () => {
  await kafkaClassPath()
}, 300_000)

const javaTool = (tool: keyof typeof tools, args: readonly string[], input = '') =>
  runJava(tools[tool], args, { timeoutMs, input })

/** Runs a tool against the broker; gives what it printed, and throws when it failed. */
async function run(tool: keyof typeof tools, args: readonly string[], input?: string): Promise<string> {
  const { code, output } = await javaTool(tool, ['--bootstrap-server', inject('bootstrap'), ...args], input)
  if (code !== 0) throw new Error(`${tool} ${args.join(' ')} ended with ${code}\n${output}`)
  return output
}

async function nodeId(): Promise<string> {
  return /\(id: (\d+) /.exec(await run('apiVersions', []))![1]!
}

/** The cells of a table that a tool printed, a row a line. */
const rows = (output: string) =>
  output
    .split('\n')
    .map((line) => line.trim().split(/\s+/))
    .filter((cells) => cells.length > 1)

describe('Apache Kafka’s tools', { timeout: 240_000 }, () => {
  test('kafka-broker-api-versions names every API that we advertise', async () => {
    const output = await run('apiVersions', [])
    expect(output).toContain('Produce(0): 0 to')
    expect(output).toContain('ApiVersions(18): 0 to 4')
    expect(output).toMatch(/isFenced: false/)
  })

  test('kafka-topics creates, lists, describes and grows a topic', async () => {
    const create = ['--create', '--topic', topic, '--partitions', '2', '--config', 'retention.ms=7200000']
    expect(await run('topics', create)).toContain(`Created topic ${topic}.`)
    expect(await run('topics', ['--list'])).toContain(topic)
    const described = await run('topics', ['--describe', '--topic', topic])
    expect(described).toContain('PartitionCount: 2')
    expect(described).toContain('retention.ms=7200000')
    await run('topics', ['--alter', '--topic', topic, '--partitions', '3'])
    const grown = await run('topics', ['--describe', '--topic', topic])
    expect(grown).toContain('PartitionCount: 3')
    expect(grown.match(/Leader: \d+\tReplicas: \d+\tIsr: \d+/g)).toHaveLength(3)
  })

  test('kafka-topics says why it cannot', async () => {
    const again = await javaTool('topics', [
      '--bootstrap-server',
      inject('bootstrap'),
      '--create',
      '--topic',
      topic,
    ])
    expect(again.code).not.toBe(0)
    expect(again.output).toContain(`Topic '${topic}' already exists.`)
    const three = ['--bootstrap-server', inject('bootstrap'), '--create', '--topic', `${topic}-3`]
    const refused = await javaTool('topics', [...three, '--replication-factor', '3'])
    expect(refused.output).toContain('InvalidReplicationFactorException')
    const fewer = [
      '--bootstrap-server',
      inject('bootstrap'),
      '--alter',
      '--topic',
      topic,
      '--partitions',
      '1',
    ]
    expect((await javaTool('topics', fewer)).output).toContain('InvalidPartitionsException')
  })

  test('kafka-configs sets, shows and takes back', async () => {
    const entity = ['--entity-type', 'topics', '--entity-name', topic]
    await run('configs', [
      '--alter',
      ...entity,
      '--add-config',
      'max.message.bytes=2000000,cleanup.policy=[compact,delete]',
    ])
    const shown = await run('configs', ['--describe', ...entity])
    expect(shown).toContain('max.message.bytes=2000000')
    expect(shown).toContain('cleanup.policy=compact,delete')
    await run('configs', ['--alter', ...entity, '--delete-config', 'cleanup.policy'])
    expect(await run('configs', ['--describe', ...entity])).not.toContain('cleanup.policy')
    const all = await run('configs', ['--describe', '--all', ...entity])
    expect(all).toContain('segment.bytes=1073741824')
    expect(all).toContain('DEFAULT_CONFIG')
    const wrong = [
      '--bootstrap-server',
      inject('bootstrap'),
      '--alter',
      ...entity,
      '--add-config',
      'retention.ms=soon',
    ]
    expect((await javaTool('configs', wrong)).output).toContain('InvalidConfigurationException')
    const broker = ['--entity-type', 'brokers', '--entity-name', await nodeId(), '--describe', '--all']
    expect(await run('configs', broker)).toContain('log.retention.hours=168')
  })

  test('kafka-console-producer writes what kafka-console-consumer reads', async () => {
    const properties = ['--reader-property', 'parse.key=true', '--reader-property', 'key.separator=:']
    const lines = Array.from({ length: 30 }, (_, index) => `key ${index}:value ${index}`)
    await run(
      'producer',
      ['--topic', topic, '--compression-codec', 'zstd', ...properties],
      `${lines.join('\n')}\n`,
    )
    const printing = ['--formatter-property', 'print.key=true', '--formatter-property', 'key.separator=:']
    const reading = [
      '--topic',
      topic,
      '--group',
      group,
      '--from-beginning',
      '--max-messages',
      '30',
      '--timeout-ms',
      '20000',
    ]
    const read = await run('consumer', [...reading, ...printing])
    expect(
      read
        .split('\n')
        .filter((line) => line.startsWith('key '))
        .sort(),
    ).toEqual([...lines].sort())
  })

  test('kafka-consumer-groups lists, describes and resets', async () => {
    expect(await run('groups', ['--list'])).toContain(group)
    expect(await run('allGroups', ['--list'])).toMatch(new RegExp(`${group}\\s+Classic\\s+consumer`))
    const lag = async () => {
      const table = rows(await run('groups', ['--describe', '--group', group])).filter(
        (cells) => cells[0] === group,
      )
      return table.reduce((sum, cells) => sum + Number(cells[5]), 0)
    }
    expect(await lag()).toBe(0)
    const state = await run('groups', ['--describe', '--group', group, '--state'])
    expect(rows(state).find((cells) => cells[0] === group)).toContain('Empty')
    const reset = ['--reset-offsets', '--group', group, '--topic', topic, '--to-earliest']
    const dry = rows(await run('groups', [...reset, '--dry-run'])).filter((cells) => cells[1] === topic)
    expect(dry.map((cells) => cells[3])).toEqual(['0', '0', '0'])
    expect(await lag()).toBe(0)
    await run('groups', [...reset, '--execute'])
    expect(await lag()).toBe(30)
    await run('groups', ['--delete', '--group', group])
    expect(await run('groups', ['--list'])).not.toContain(group)
  })

  const offsetsAt = async (time: string) => {
    const output = await run('offsets', ['--topic', topic, '--time', time])
    const lines = output.split('\n').filter((line) => line.startsWith(`${topic}:`))
    return lines.map((line) => Number(line.split(':')[2]))
  }
  const sum = (numbers: number[]) => numbers.reduce((total, number) => total + number, 0)

  test('kafka-get-offsets by place and time', async () => {
    expect(sum(await offsetsAt('latest'))).toBe(30)
    expect(await offsetsAt('earliest')).toEqual([0, 0, 0])
    expect(await offsetsAt('1000')).toEqual([0, 0, 0])
    expect(await offsetsAt('max-timestamp')).toHaveLength(3)
  })

  test('kafka-delete-records moves the log start', async () => {
    const [end] = await offsetsAt('latest')
    const file = join(tmpdir(), `${topic}.json`)
    writeFileSync(file, JSON.stringify({ version: 1, partitions: [{ topic, partition: 0, offset: end }] }))
    expect(await run('deleteRecords', ['--offset-json-file', file])).toContain(`low_watermark: ${end}`)
    expect((await offsetsAt('earliest'))[0]).toBe(end)
  })

  test('kafka-log-dirs gives sizes', async () => {
    const output = await run('logDirs', ['--describe', '--topic-list', topic])
    const [found] = output.split('\n').filter((line) => line.startsWith('{'))
    const described = JSON.parse(found!) as {
      brokers: { logDirs: { error: null; partitions: { size: number }[] }[] }[]
    }
    const [logDir] = described.brokers[0]!.logDirs
    expect(logDir!.error).toBeNull()
    expect(logDir!.partitions).toHaveLength(3)
    expect(sum(logDir!.partitions.map(({ size }) => size))).toBeGreaterThan(300)
  })

  test('kafka-acls hears that there is no authorizer', async () => {
    const { output } = await javaTool('acls', ['--bootstrap-server', inject('bootstrap'), '--list'])
    expect(output).toContain('SecurityDisabledException')
  })

  test('kafka-cluster shows the cluster', async () => {
    const { output } = await javaTool('cluster', ['cluster-id', '--bootstrap-server', inject('bootstrap')])
    expect(output).toMatch(/Cluster ID: [\w-]{22}/)
  })

  test('kafka-dump-log reads our files', async (context) => {
    const dataDir = inject('dataDir')
    if (!dataDir) return context.skip()
    const files = [0, 1, 2].map((partition) => join(dataDir, `${topic}-${partition}/00000000000000000000`))
    const flags = [
      '--print-data-log',
      '--deep-iteration',
      '--files',
      files.map((file) => `${file}.log`).join(','),
    ]
    const { code, output } = await javaTool('dumpLog', flags)
    expect(code, output).toBe(0)
    expect(output.match(/compresscodec: zstd/g)?.length).toBeGreaterThan(0)
    expect(output.match(/ isvalid: true/g)?.length).toBeGreaterThan(0)
    expect(output).not.toContain('isvalid: false')
    expect(output.match(/payload: value \d+/g)).toHaveLength(30)
  })

  test('kafka-dump-log finds the indexes of rolled segments right', async (context) => {
    const dataDir = inject('dataDir')
    if (!dataDir) return context.skip()
    const rolled = `${topic}-rolled`
    await run('topics', ['--create', '--topic', rolled, '--config', 'segment.bytes=1048576'])
    const load = ['--topic', rolled, '--num-records', '4000', '--record-size', '1000', '--throughput', '-1']
    await run('producerPerformance', load)
    const folder = join(dataDir, `${rolled}-0`)
    const segments = readdirSync(folder)
      .filter((name) => name.endsWith('.log'))
      .sort()
    expect(segments.length).toBeGreaterThan(2)
    const closed = segments.slice(0, -1).map((name) => join(folder, name.replace('.log', '')))
    const files = closed.flatMap((file) => [`${file}.log`, `${file}.index`, `${file}.timeindex`]).join(',')
    const { code, output } = await javaTool('dumpLog', ['--files', files])
    expect(code, output).toBe(0)
    expect(output.match(/^offset: \d+ position: \d+$/gm)?.length).toBeGreaterThan(5)
    expect(output).not.toMatch(/mismatch|not found|out of order|Exception/i)
  })

  test('kafka-dump-log decodes __consumer_offsets', async (context) => {
    const dataDir = inject('dataDir')
    if (!dataDir) return context.skip()
    const folders = readdirSync(dataDir).filter((name) => name.startsWith('__consumer_offsets-'))
    // A partition's files may come with its first record, and what all of them hold is long.
    const file = folders
      .map((folder) => join(dataDir, folder, '00000000000000000000.log'))
      .find((path) => existsSync(path) && readFileSync(path).includes(group))
    const { code, output } = await javaTool('dumpLog', ['--offsets-decoder', '--files', file!])
    expect(code, output).toBe(0)
    expect(output).toContain(`"group":"${group}"`)
    expect(output).toMatch(/"type":"1"|OffsetCommit/)
    expect(output).toMatch(/"type":"2"|GroupMetadata/)
  })

  test('kafka-topics deletes', async () => {
    await run('topics', ['--delete', '--topic', topic])
    expect((await run('topics', ['--list'])).split('\n')).not.toContain(topic)
  })
})
