import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { FolderLockedError, lockFolder } from '../../../broker/core/folder-lock.ts'

let path = ''
beforeEach(() => {
  path = mkdtempSync(join(tmpdir(), 'lock-'))
})
afterEach(() => rmSync(path, { recursive: true }))

const source = join(import.meta.dirname, '../../../broker/core/folder-lock.ts')

async function holdInAnotherProcess() {
  const script = `const { lockFolder } = await import(${JSON.stringify(source)}); lockFolder(${JSON.stringify(path)}); console.log('held'); setTimeout(() => {}, 20000)`
  const child = spawn(process.execPath, ['--input-type=module', '-e', script], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  await once(child.stdout, 'data')
  return child
}

test('one broker in a process excludes another; released, the folder is free', () => {
  const lock = lockFolder(path)
  expect(() => lockFolder(path)).toThrow(FolderLockedError)
  expect(() => lockFolder(path)).toThrow(`in use by process ${process.pid} since`)
  lock.release()
  lockFolder(path).release()
})

test('another process is named, and its death by kill -9 frees the folder at once', async () => {
  const child = await holdInAnotherProcess()
  expect(() => lockFolder(path)).toThrow(`The data folder ${path} is in use by process ${child.pid}`)
  child.kill('SIGKILL')
  await once(child, 'exit')
  lockFolder(path).release()
})
