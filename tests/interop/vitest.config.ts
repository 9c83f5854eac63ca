import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    include: ['tests/interop/**/*.test.ts'],
    globalSetup: ['tests/interop/global-setup.ts'],
    pool: 'forks',
    // The tests mostly wait for heartbeats; four files at once keep two cores busy.
    maxWorkers: 4,
    testTimeout: 60_000,
    hookTimeout: 120_000,
  },
})
