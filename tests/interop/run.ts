/**
 * `npm run test:interop`: installs the clients of other languages, runs their tests against our broker
 * and ends with `N passed, N failed`. Arguments go to vitest (a file's name, `-t` a test's name).
 */
import { spawnSync } from 'node:child_process'
import { mkdirSync, readFileSync, rmSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { kcatCommand, programCommand, programs } from './install.ts'

const root = resolve(import.meta.dirname, '../..')
const report = join(root, '.cache/interop/report.json')

async function main(): Promise<number> {
  mkdirSync(join(root, '.cache/interop'), { recursive: true })
  rmSync(report, { force: true })
  for (const name of programs) {
    console.log(`preparing ${name}`)
    await programCommand(name)
  }
  await kcatCommand()
  const args = ['run', '--config', 'tests/interop/vitest.config.ts', '--reporter=verbose', '--reporter=json']
  const { status } = spawnSync(
    process.execPath,
    [
      join(root, 'node_modules/vitest/vitest.mjs'),
      ...args,
      `--outputFile=${report}`,
      ...process.argv.slice(2),
    ],
    { cwd: root, stdio: 'inherit' },
  )
  const result = JSON.parse(readFileSync(report, 'utf8')) as {
    numPassedTests: number
    numFailedTests: number
  }
  const failed = status !== 0 && result.numFailedTests === 0 ? 1 : result.numFailedTests
  console.log(`${result.numPassedTests} passed, ${failed} failed`)
  return failed === 0 && status === 0 ? 0 : 1
}

process.exit(await main())
