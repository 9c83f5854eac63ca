import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { runTransactionScript } from './transaction-script.ts'

const folder = join(import.meta.dirname, 'scripts')

/** `UPDATE_SCRIPTS=1` writes down what happens now: read the difference before you commit it. */
describe('transaction scripts', () => {
  test.each(readdirSync(folder).filter((name) => name.endsWith('.txt')))('%s', async (name) => {
    const path = join(folder, name)
    const text = readFileSync(path, 'utf8')
    const result = await runTransactionScript(text)
    if (process.env.UPDATE_SCRIPTS) writeFileSync(path, result)
    else expect(result).toBe(text)
  })
})
