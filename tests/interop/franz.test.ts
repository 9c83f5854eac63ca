import { inject } from 'vitest'
import { codecs } from './client.ts'
import { programCommand } from './install.ts'
import { startProgram } from './program.ts'
import { describeClient } from './suite.ts'

describeClient({
  name: 'franz',
  start: async () => startProgram(await programCommand('franz'), inject('bootstrap')),
  dataDir: () => inject('dataDir'),
  dashboard: () => inject('dashboard'),
  codecs,
  modes: [
    { protocol: 'classic', assignor: 'range' },
    { protocol: 'classic', assignor: 'cooperative-sticky' },
    { protocol: 'consumer', assignor: 'uniform' },
  ],
})
