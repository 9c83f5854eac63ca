import { enableCompileCache } from 'node:module'
import { join } from 'node:path'

/**
 * Where Node keeps what it has compiled and stripped of types, for `NODE_COMPILE_CACHE`: two thirds off the broker's
 * start. `millrace.mjs` names the same folder; one that the user names goes first.
 */
export const compileCacheDir = join(import.meta.dirname, '../.cache/compile')

/** The same in this thread, for what it imports dynamically from now on. No effect where nothing can be written. */
export function keepCompiled(): void {
  enableCompileCache(compileCacheDir)
}
