/**
 * Has Apache Kafka's own classes encode every message of our tables in every version, and keeps value and
 * bytes as golden vectors: `node tests/wire/record-java.ts` rewrites tests/wire/golden/java.
 */
import { spawn } from 'node:child_process'
import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import fc from 'fast-check'
import type { Message } from '../../broker/protocol/fields.ts'
import { allVersions } from '../broker/protocol/all-messages.ts'
import { defaultValue, messageArbitrary } from '../broker/protocol/message-arbitrary.ts'
import { kafkaClassPath } from '../support/kafka-jars.ts'
import { plainJson } from './golden.ts'

const folder = join(import.meta.dirname, 'golden/java')
const seed = 20_260_731
const samples = 3

interface Sample {
  readonly message: Message
  readonly version: number
  readonly value: unknown
}

function samplesOf(message: Message, version: number): Sample[] {
  const random = fc.sample(messageArbitrary(message, version), { seed: seed + version, numRuns: samples })
  return [defaultValue(message), ...random].map((value) => ({
    message,
    version,
    value: plainJson(message, version, value),
  }))
}

/** Lines of hex, one a sample. */
async function encodeWithJava(lines: readonly string[]): Promise<string[]> {
  const source = join(import.meta.dirname, 'java/EncodeMessages.java')
  const java = spawn('java', ['-cp', await kafkaClassPath(), source], { stdio: ['pipe', 'pipe', 'inherit'] })
  java.stdin.end(lines.join('\n'))
  return (await text(java.stdout)).trim().split('\n')
}

const all = (await allVersions()).flatMap(({ message, version }) => samplesOf(message, version))
const lines = all.map(({ message, version, value }) =>
  [message.name, version, JSON.stringify(value)].join('\t'),
)
const encoded = await encodeWithJava(lines)
const vectors = new Map<string, string[]>()
for (const [index, { message, version, value }] of all.entries()) {
  const bytes = encoded[index] ?? 'error: no answer'
  if (bytes.startsWith('error')) {
    console.error(`${message.name} v${version}: ${bytes}`)
    continue
  }
  const line = JSON.stringify({ version, bytes, value })
  vectors.set(message.name, [...(vectors.get(message.name) ?? []), line])
}
rmSync(folder, { recursive: true, force: true })
mkdirSync(folder, { recursive: true })
for (const [name, some] of vectors) writeFileSync(join(folder, `${name}.json`), `[\n${some.join(',\n')}\n]\n`)
console.log(`${all.length} vectors of ${vectors.size} messages`)
