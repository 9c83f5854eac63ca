/* The broker alone on the command line: `node broker/cli.ts`. What the command needs comes after the cache is on. */
import { keepCompiled } from './compile-cache.ts'

keepCompiled()
await import('./command-line.ts')
