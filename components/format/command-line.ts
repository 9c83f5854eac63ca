/** What Kafka's own tools would be told; every action on a page shows its line. */

function quote(argument: string): string {
  return /^[\w@%+=:,./-]+$/.test(argument) ? argument : `'${argument.replaceAll("'", `'\\''`)}'`
}

function line(tool: string, bootstrap: readonly string[], ...parts: string[]): string {
  return [tool, '--bootstrap-server', bootstrap.join(',') || 'localhost:9092', ...parts].join(' ')
}

export function createTopicLine(
  bootstrap: readonly string[],
  topic: { name: string; partitions: number; replicationFactor: number; configs: Record<string, string> },
): string {
  return line(
    'kafka-topics.sh',
    bootstrap,
    '--create --topic',
    quote(topic.name || 'NAME'),
    ...(topic.partitions > 0 ? ['--partitions', String(topic.partitions)] : []),
    ...(topic.replicationFactor > 0 ? ['--replication-factor', String(topic.replicationFactor)] : []),
    ...Object.entries(topic.configs).flatMap(([name, value]) => ['--config', quote(`${name}=${value}`)]),
  )
}

export function deleteTopicLine(bootstrap: readonly string[], topics: readonly string[]): string {
  return line('kafka-topics.sh', bootstrap, '--delete --topic', quote(topics.join(',')))
}

export function addPartitionsLine(bootstrap: readonly string[], topic: string, partitions: number): string {
  return line(
    'kafka-topics.sh',
    bootstrap,
    '--alter --topic',
    quote(topic),
    '--partitions',
    String(partitions),
  )
}

export function alterConfigsLine(
  bootstrap: readonly string[],
  entity: { type: 'topics' | 'brokers'; name: string },
  changes: Record<string, string | null>,
): string {
  const set = Object.entries(changes).filter((entry): entry is [string, string] => entry[1] !== null)
  const reset = Object.keys(changes).filter((name) => changes[name] === null)
  const value = (text: string) => (text.includes(',') ? `[${text}]` : text)
  return line(
    'kafka-configs.sh',
    bootstrap,
    '--alter --entity-type',
    entity.type,
    '--entity-name',
    quote(entity.name),
    ...(set.length > 0
      ? ['--add-config', quote(set.map(([name, text]) => `${name}=${value(text)}`).join(','))]
      : []),
    ...(reset.length > 0 ? ['--delete-config', quote(reset.join(','))] : []),
  )
}

export function deleteRecordsLine(
  bootstrap: readonly string[],
  topic: string,
  partitions: readonly { partition: number; offset: number }[],
): string {
  const body = JSON.stringify({
    partitions: partitions.map(({ partition, offset }) => ({ topic, partition, offset })),
    version: 1,
  })
  return line('kafka-delete-records.sh', bootstrap, `--offset-json-file <(echo ${quote(body)})`)
}

export function deleteGroupLine(bootstrap: readonly string[], group: string): string {
  return line('kafka-consumer-groups.sh', bootstrap, '--delete --group', quote(group))
}

export function deleteOffsetsLine(
  bootstrap: readonly string[],
  group: string,
  topics: readonly string[],
): string {
  return line(
    'kafka-consumer-groups.sh',
    bootstrap,
    '--delete-offsets --group',
    quote(group),
    ...topics.flatMap((topic) => ['--topic', quote(topic)]),
  )
}
