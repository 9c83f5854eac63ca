import { accessSync, constants } from 'node:fs'
import { delimiter, join } from 'node:path'
import { runChild } from './child.ts'

const installTimeoutMs = 300_000

/** Whether a command can be run by its name. */
export function isInstalled(command: string): boolean {
  return (process.env.PATH ?? '').split(delimiter).some((folder) => {
    try {
      accessSync(join(folder, command), constants.X_OK)
      return true
    } catch {
      return false
    }
  })
}

let aptUpdated: Promise<unknown> | undefined

/** Makes sure that a command is there: through apt where we may, else throws one line that says what to install. */
export async function ensureTool(command: string, debianPackage: string): Promise<void> {
  if (isInstalled(command)) return
  if (process.getuid?.() !== 0 || !isInstalled('apt-get')) {
    throw new Error(`${command} is not installed (Debian's package: ${debianPackage})`)
  }
  aptUpdated ??= runChild('apt-get', ['update', '-q'], { timeoutMs: installTimeoutMs })
  await aptUpdated
  await runChild('apt-get', ['install', '-qy', '--no-install-recommends', debianPackage], {
    env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
    timeoutMs: installTimeoutMs,
  })
}
