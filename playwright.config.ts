import { defineConfig } from '@playwright/test'
import type { Workers } from './tests/e2e/fixtures.ts'

/** The browser tests, twice: on the embedded broker and on Apache Kafka from its jars (`--project`). */
export default defineConfig<object, Workers>({
  testDir: 'tests/e2e',
  testMatch: '*.spec.ts',
  timeout: 90_000,
  expect: { timeout: 15_000 },
  workers: 2,
  fullyParallel: false,
  forbidOnly: Boolean(process.env.CI),
  reporter: [['list']],
  use: {
    viewport: { width: 1440, height: 900 },
    locale: 'en-GB',
    // A trace costs as much as the tests; `--trace retain-on-failure` takes one.
    screenshot: 'only-on-failure',
    launchOptions: {
      executablePath: process.env.CHROMIUM_PATH || '/usr/bin/chromium',
      args: [
        '--headless',
        '--no-sandbox',
        '--disable-gpu',
        '--disable-quic',
        '--no-first-run',
        '--disable-background-networking',
      ],
    },
  },
  projects: [
    { name: 'embedded', use: { clusterKind: 'embedded' } },
    // The other files start servers of their own, or look at pages that are the same on both.
    {
      name: 'kafka',
      use: { clusterKind: 'kafka' },
      testMatch: /(story|messages|configs|fidelity)\.spec\.ts/,
    },
  ],
})
