import { inject } from 'vitest'
import { codecs } from './client.ts'
import { programCommand } from './install.ts'
import { startProgram } from './program.ts'
import { describeClient } from './suite.ts'

describeClient({
  name: 'aiokafka',
  start: async () => startProgram(await programCommand('aiokafka'), inject('bootstrap')),
  dataDir: () => inject('dataDir'),
  dashboard: () => inject('dashboard'),
  codecs,
  modes: [
    { protocol: 'classic', assignor: 'roundrobin' },
    { protocol: 'classic', assignor: 'sticky' },
  ],
  lacks: ['deleteGroup'],
  // It refuses a record with neither key nor value.
  adapt: (record) => (record.key === null && record.value === null ? { ...record, key: '' } : record),
})
