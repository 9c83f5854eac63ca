import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    include: ['tests/**/*.test.ts', 'tests/**/*.test.tsx'],
    exclude: ['tests/interop/**', 'tests/e2e/**', 'node_modules/**'],
    pool: 'forks',
    testTimeout: 20_000,
  },
})
