import { inject } from 'vitest'
import { codecs } from './client.ts'
import { programCommand } from './install.ts'
import { startProgram } from './program.ts'
import { describeClient } from './suite.ts'

describeClient({
  name: 'confluent',
  start: async () => startProgram(await programCommand('confluent'), inject('bootstrap')),
  dataDir: () => inject('dataDir'),
  dashboard: () => inject('dashboard'),
  codecs,
  modes: [
    { protocol: 'classic', assignor: 'roundrobin' },
    { protocol: 'classic', assignor: 'cooperative-sticky' },
    { protocol: 'consumer', assignor: 'uniform' },
  ],
})
