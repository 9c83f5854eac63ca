import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    include: ['tests/**/*.test.ts', 'tests/**/*.test.tsx'],
    exclude: ['tests/interop/**', 'tests/e2e/**', 'node_modules/**'],
    pool: 'forks',
    // No module of ours holds state, so that files can share a worker: a third of the time saved.
    isolate: false,
    testTimeout: 20_000,
  },
})
