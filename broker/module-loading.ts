import { enableCompileCache, registerHooks } from 'node:module'
import { join } from 'node:path'

/**
 * Where Node keeps what it has compiled and stripped of types, for `NODE_COMPILE_CACHE`: two thirds off the broker's
 * start. `millrace.mjs` names the same folder; one that the user names goes first.
 */
export const compileCacheDir = join(import.meta.dirname, '../.cache/compile')

const ownModule = /^\.\.?\/.*\.ts$/

/**
 * Makes what this thread imports dynamically from now on start in half the time: compiled modules are kept, and a
 * relative import of a `.ts` file is taken at its word. Node would look for it on the disk, follow links and search
 * package.json files upwards, for each of some 330 modules; a wrong path fails all the same, when it is read.
 */
export function loadModulesFast(): void {
  enableCompileCache(compileCacheDir)
  registerHooks({
    resolve(specifier, context, next) {
      if (!ownModule.test(specifier)) return next(specifier, context)
      const { href } = new URL(specifier, context.parentURL)
      return { url: href, format: 'module-typescript', shortCircuit: true }
    },
  })
}

/**
 * Lets V8 compile for speed what was called 100 times, not 3,000: a broker that is asked 200 times a second would be
 * slow for minutes. It holds for the whole process, so only processes that are all ours ask for it, once they are ready.
 */
export function optimizeEarly(): void {
  process.getBuiltinModule('node:v8').setFlagsFromString('--invocation-count-for-turbofan=100')
}
