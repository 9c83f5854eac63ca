import { type Browser, chromium, type Page } from '@playwright/test'

/** The Chromium that `CHROMIUM_PATH` names. */
export function launchChromium(): Promise<Browser> {
  return chromium.launch({
    executablePath: process.env.CHROMIUM_PATH || '/usr/bin/chromium',
    handleSIGTERM: false,
    args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run'],
  })
}

/** A page with an empty cache, as on the first visit. Its context ends with it. */
export async function openFresh(browser: Browser): Promise<Page & AsyncDisposable> {
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 }, locale: 'en-GB' })
  const page = await context.newPage()
  page.setDefaultTimeout(60_000)
  return Object.assign(page, { [Symbol.asyncDispose]: () => context.close() })
}

/** Resolves once the page's WebSocket is there. */
export async function untilLive(page: Page): Promise<void> {
  await page.getByText('Live', { exact: true }).first().waitFor()
}
