/* The broker alone on the command line, `node broker/cli.ts`: what it needs is imported once that is quick. */
import { loadModulesFast } from './module-loading.ts'

loadModulesFast()
await import('./command-line.ts')
