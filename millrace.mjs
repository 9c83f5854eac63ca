// The door of the house: `npm start` and every other script. Runs on Node 20 or newer with nothing installed:
// brings the locked dependencies, finds Node 24, builds what changed, then runs the task. Plain JavaScript, only
// Node's own modules.
import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { delimiter, dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = dirname(fileURLToPath(import.meta.url))
const needsNode = 24
process.env.NEXT_TELEMETRY_DISABLED = '1'

/** Stops with one line; the reader is a person at a terminal. */
class Stop extends Error {}

const tasks = {
  start: { text: 'build what changed, then broker and dashboard', run: start },
  dev: { text: 'the same with hot reload', run: (args) => node(['server.ts', '--dev', ...args]) },
  broker: { text: 'the broker alone', run: (args) => node(['broker/cli.ts', ...args]) },
  sample: {
    text: 'replay real flights into a broker',
    run: (args) => node(['lib/server/sample/cli.ts', ...args]),
  },
  verify: { text: 'types, lint, and the fast tests', run: verify },
  test: { text: 'verify, the npm clients, the load, and the browser tests', run: test },
  interop: { text: 'clients of other languages', run: (args) => node(['tests/interop/run.ts', ...args]) },
  screenshots: { text: 'every page as a picture', run: screenshots },
  bench: { text: 'side by side with Apache Kafka', run: (args) => node(['bench/run.ts', ...args]) },
  soak: {
    text: 'a mixed load for ten minutes: memory and handles stay flat',
    run: (args) => node(['tests/load/soak/run.ts', ...args]),
  },
  'bench-ui': { text: "the dashboard's bounds", run: benchUi },
}

async function main() {
  const [name = 'start', ...args] = process.argv.slice(2)
  const task = Object.hasOwn(tasks, name) ? tasks[name] : undefined
  const wantsHelp = args.includes('--help') || args.includes('-h')
  if (task === undefined || ((name === 'start' || name === 'dev') && wantsHelp)) {
    console.log(helpText())
    if (task === undefined && !['--help', '-h', 'help'].includes(name))
      throw new Stop(`There is no task ${name}.`)
    return
  }
  await install()
  await task.run(args)
}

function helpText() {
  const flags = JSON.parse(readFileSync(join(root, 'lib/server/flags.json'), 'utf8'))
  const left = flags.map(({ flag, value }) => (value === undefined ? flag : `${flag} ${value}`))
  const width = Math.max(...left.map((text) => text.length))
  const rows = flags.map(({ env, text, default: otherwise }, i) => {
    return `  ${left[i].padEnd(width)}  ${text} (default ${otherwise}; ${env})`
  })
  const names = Object.entries(tasks).map(([task, { text }]) => `  ${task.padEnd(width)}  ${text}`)
  return ['Usage: npm start -- [flags]', '', ...rows, '', 'Tasks: node millrace.mjs TASK', '', ...names].join(
    '\n',
  )
}

// ---------------------------------------------------------------- tasks

async function start(args) {
  await build()
  await node(['server.ts', ...args])
}

async function verify(args) {
  await bin('tsc', ['--noEmit'])
  await bin('biome', ['check', '.'])
  // The npm clients and the load start brokers and take longer: they belong to `npm test`.
  await bin('vitest', ['run', '--exclude', 'tests/clients/**', '--exclude', 'tests/load/**', ...args])
}

async function test(args) {
  await verify([])
  if (existsSync(join(root, 'tests/clients'))) await bin('vitest', ['run', 'tests/clients'])
  // One after the other: each measures what its broker holds, and how others are served meanwhile.
  await bin('vitest', ['run', 'tests/load', '--no-file-parallelism'])
  await build()
  await browser(['test', ...args])
}

async function screenshots(args) {
  await build()
  await findChromium()
  await node(['tests/e2e/screenshots.ts', ...args])
}

async function benchUi(args) {
  await build()
  await findChromium()
  await node(['bench/ui.ts', ...args])
}

async function browser(args) {
  await findChromium()
  const config = ['playwright.config.ts', 'tests/e2e/playwright.config.ts'].find((file) =>
    existsSync(join(root, file)),
  )
  await bin('playwright', config === undefined ? args : [...args, '--config', config])
}

// ---------------------------------------------------------------- dependencies

/** Installs when node_modules is not what package-lock.json says; the check takes some milliseconds. */
async function install() {
  const lockText = readFileSync(join(root, 'package-lock.json'))
  const stampFile = join(root, 'node_modules', '.millrace-stamp')
  const stamp = `${hashOf([lockText])} ${process.platform}-${process.arch}`
  if (readOr(stampFile, '') === stamp) return
  if (!matchesLock(JSON.parse(lockText))) {
    say('Installing the locked dependencies …')
    const npm = process.platform === 'win32' ? 'npm.cmd' : 'npm'
    const quiet = ['--no-audit', '--no-fund', '--loglevel=error']
    // Not `npm ci`: it refuses a lock that does not name every other platform's optional packages.
    await run(npm, ['install', '--no-save', ...quiet], {
      shell: process.platform === 'win32',
      env: process.env,
    })
  }
  writeFileSync(stampFile, stamp)
}

/** npm keeps what it installed in node_modules/.package-lock.json. */
function matchesLock(lock) {
  const installed = JSON.parse(
    readOr(join(root, 'node_modules/.package-lock.json'), '{"packages":{}}'),
  ).packages
  return Object.entries(lock.packages).every(([path, wanted]) => {
    if (path === '') return true
    const found = installed[path]
    // Optional ones are for other machines, most of them.
    return found === undefined ? wanted.optional === true : found.version === wanted.version
  })
}

/** Path of a Node that is new enough: this one, or the one from npm. */
function nodePath() {
  if (Number(process.versions.node.split('.')[0]) >= needsNode) return process.execPath
  const machine = `${process.platform === 'win32' ? 'win' : process.platform}-${process.arch}`
  const file = process.platform === 'win32' ? 'node.exe' : 'node'
  const path = join(root, 'node_modules', `node-${machine}`, 'bin', file)
  if (existsSync(path)) return path
  throw new Stop(
    `Millrace needs Node ${needsNode} or newer; this is ${process.versions.node}, and npm has none for ${machine}. ` +
      'Install it from https://nodejs.org.',
  )
}

// ---------------------------------------------------------------- build

const built = ['app', 'components', 'lib/contract', 'lib/queries', 'lib/live', 'public']
const configs = ['next.config.js', 'postcss.config.mjs', 'tsconfig.json', 'package-lock.json']

/** Builds the pages when their sources changed since the last build; told by content, not by time. */
async function build() {
  const stampFile = join(root, '.next', 'millrace-build')
  const files = [
    ...built.flatMap((folder) => filesBelow(join(root, folder))),
    ...configs.map((f) => join(root, f)),
  ]
  const existing = files.filter((file) => existsSync(file)).sort()
  const stamp = hashOf(existing.flatMap((file) => [file.slice(root.length), readFileSync(file)]))
  if (readOr(stampFile, '') === stamp && existsSync(join(root, '.next', 'BUILD_ID'))) return
  say('Building the dashboard …')
  const begun = Date.now()
  // Next prints a page of text that nobody needs when all went well.
  await node(['node_modules/next/dist/bin/next', 'build'], { quiet: true })
  mkdirSync(dirname(stampFile), { recursive: true })
  writeFileSync(stampFile, stamp)
  say(`Built in ${((Date.now() - begun) / 1000).toFixed(1)} s.`)
}

function filesBelow(folder) {
  if (!existsSync(folder)) return []
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name)
    return entry.isDirectory() ? filesBelow(path) : [path]
  })
}

// ---------------------------------------------------------------- Chromium

/** Sets CHROMIUM_PATH for the browser tests; installs it where that is ours to do. */
async function findChromium() {
  process.env.CHROMIUM_PATH ??= chromiumPath()
  if (process.env.CHROMIUM_PATH !== '') return
  if (process.getuid?.() !== 0 || !existsSync('/etc/debian_version')) {
    throw new Stop('The browser tests need Chromium: install it, or set CHROMIUM_PATH to its program.')
  }
  say('Installing Chromium …')
  await run('apt-get', ['update', '-qq'])
  await run('apt-get', ['install', '-y', '-qq', '--no-install-recommends', 'chromium'], {
    env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
  })
  process.env.CHROMIUM_PATH = chromiumPath()
  if (process.env.CHROMIUM_PATH === '') throw new Stop('Chromium was installed but is not found on PATH.')
}

function chromiumPath() {
  const names = ['chromium', 'chromium-browser', 'google-chrome-stable', 'google-chrome', 'chrome.exe']
  const folders = (process.env.PATH ?? '').split(delimiter)
  const candidates = [
    ...names.flatMap((name) => folders.map((folder) => join(folder, name))),
    '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
    '/Applications/Chromium.app/Contents/MacOS/Chromium',
  ]
  return candidates.find((path) => statSync(path, { throwIfNoEntry: false })?.isFile()) ?? ''
}

// ---------------------------------------------------------------- processes

function node(args, options) {
  return run(nodePath(), args, options)
}

/** A program from node_modules, under the Node that is new enough. */
function bin(name, args) {
  const packages = {
    tsc: 'typescript',
    biome: '@biomejs/biome',
    vitest: 'vitest',
    playwright: '@playwright/test',
  }
  const folder = join(root, 'node_modules', packages[name])
  const { bin: entry } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'))
  return node([join(folder, typeof entry === 'string' ? entry : entry[name]), ...args])
}

/** Runs a program to its end in our terminal; a failure ends us with the same code, for it has said why. */
function run(command, args, { quiet = false, env = childEnv(), shell = false } = {}) {
  return new Promise((resolve, reject) => {
    const stdio = quiet ? ['inherit', 'pipe', 'pipe'] : 'inherit'
    const child = spawn(command, args, { cwd: root, stdio, env, shell })
    let output = ''
    for (const stream of [child.stdout, child.stderr]) {
      stream?.on('data', (data) => {
        output += data
      })
    }
    // Ctrl-C reaches the child by itself; we wait for it to end in order.
    const wait = () => {}
    const pass = () => child.kill('SIGTERM')
    process.on('SIGINT', wait)
    process.on('SIGTERM', pass)
    child.on('error', (error) => reject(new Stop(`Cannot run ${command}: ${error.message}`)))
    child.on('exit', (code, signal) => {
      process.off('SIGINT', wait)
      process.off('SIGTERM', pass)
      if (code === 0) return resolve()
      process.stderr.write(output)
      process.exit(code ?? (signal === 'SIGINT' ? 130 : 1))
    })
  })
}

/**
 * Tools that look for `node` on PATH must find the one that is new enough. The cache of compiled and stripped
 * modules takes two thirds off the broker's start.
 */
function childEnv() {
  const path = existsSync(join(root, 'node_modules')) ? dirname(nodePath()) : undefined
  if (path === undefined) return process.env
  return {
    NODE_COMPILE_CACHE: join(root, '.cache/compile'),
    ...process.env,
    PATH: `${path}${delimiter}${process.env.PATH ?? ''}`,
  }
}

// ---------------------------------------------------------------- small things

function say(text) {
  console.log(text)
}

function hashOf(parts) {
  const hash = createHash('sha256')
  for (const part of parts) hash.update(part).update('\0')
  return hash.digest('hex')
}

function readOr(file, otherwise) {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    return otherwise
  }
}

main().catch((error) => {
  console.error(error instanceof Stop ? `millrace: ${error.message}` : error)
  process.exit(1)
})
