/** Fetches and builds the clients of other languages into `.cache/interop`, everything pinned. */
import { createHash } from 'node:crypto'
import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { runChild } from '../support/child.ts'
import { fetchOnce, kafkaClassPath } from '../support/kafka-jars.ts'
import { ensureTool, isInstalled } from '../support/system-tool.ts'

const root = resolve(import.meta.dirname, '../..')
const cache = join(root, '.cache/interop')
const source = (language: string) => join(import.meta.dirname, language)

export const programs = ['java', 'franz', 'sarama', 'confluent', 'aiokafka'] as const
export type ProgramName = (typeof programs)[number]

/** The command that starts a client's program, installed first when it is not there; add the bootstrap address. */
export async function programCommand(name: ProgramName): Promise<readonly string[]> {
  switch (name) {
    case 'java':
      return javaCommand('Interop')
    case 'franz':
    case 'sarama':
      return [join(await built('go', buildGo), name)]
    case 'confluent':
      return [join(await built('python', buildPython), 'bin/python'), join(source('python'), 'confluent.py')]
    case 'aiokafka':
      return [join(await built('python', buildPython), 'bin/python'), join(source('python'), 'aio.py')]
  }
}

/** The command of a library's program for faults (faults/load.ts); add what it is to do. */
export async function faultLoadCommand(name: 'java' | 'franz' | 'confluent'): Promise<readonly string[]> {
  if (name === 'java') return javaCommand('FaultLoad')
  if (name === 'franz') return [join(await built('go', buildGo), 'faults')]
  return [join(await built('python', buildPython), 'bin/python'), join(source('python'), 'faults.py')]
}

async function javaCommand(mainClass: string): Promise<readonly string[]> {
  const classPath = `${await javaFolder()}:${await kafkaClassPath()}`
  return ['java', '-XX:TieredStopAtLevel=1', '-cp', classPath, mainClass]
}

/** Folder with the compiled Java programs. */
export function javaFolder(): Promise<string> {
  return built('java', buildJava)
}

/** kcat, which goes by an older name in some places. */
export async function kcatCommand(): Promise<string> {
  if (isInstalled('kafkacat') && !isInstalled('kcat')) return 'kafkacat'
  await ensureTool('kcat', 'kcat')
  return 'kcat'
}

/** A folder in the cache named after the sources, so that a change builds anew. */
async function built(language: string, build: (folder: string) => Promise<unknown>): Promise<string> {
  const folder = join(cache, `${language}-${fingerprint(source(language))}`)
  await fetchOnce(folder, () => build(folder))
  return folder
}

function fingerprint(folder: string): string {
  const hash = createHash('sha256')
  for (const path of readdirSync(folder, { recursive: true, encoding: 'utf8' }).sort()) {
    const file = join(folder, path)
    if (statSync(file).isFile() && !path.includes('__pycache__')) hash.update(path).update(readFileSync(file))
  }
  return hash.digest('hex').slice(0, 12)
}

async function buildJava(folder: string): Promise<void> {
  await ensureTool('javac', 'openjdk-17-jdk-headless')
  const files = readdirSync(source('java')).map((name) => join(source('java'), name))
  await runChild('javac', ['-nowarn', '-proc:none', '-d', folder, '-cp', await kafkaClassPath(), ...files])
}

async function buildGo(folder: string): Promise<void> {
  if (!isInstalled('go'))
    throw new Error('go is not installed: install Go as new as go.mod says (https://go.dev)')
  await runChild('go', ['build', '-o', `${folder}/`, './franz', './sarama', './faults'], {
    cwd: source('go'),
    timeoutMs: 600_000,
  })
}

async function buildPython(folder: string): Promise<void> {
  await ensureTool('python3', 'python3')
  await runChild('python3', ['-m', 'venv', folder]).catch(async (error: unknown) => {
    // Debian's Python comes without the pip that a virtual environment starts with.
    if (process.getuid?.() !== 0 || !isInstalled('apt-get')) throw error
    await runChild('apt-get', ['install', '-qy', 'python3-venv'], { timeoutMs: 300_000 })
    await runChild('python3', ['-m', 'venv', '--clear', folder])
  })
  await runChild(
    join(folder, 'bin/pip'),
    ['install', '-q', '-r', join(source('python'), 'requirements.txt')],
    {
      timeoutMs: 300_000,
    },
  )
}
