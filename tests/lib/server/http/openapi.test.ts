import { expect, test } from 'vitest'
import { endpoints } from '../../../../lib/contract/endpoints.ts'
import { openApiDocument } from '../../../../lib/server/http/openapi.ts'

const document = openApiDocument() as {
  paths: Record<string, Record<string, unknown>>
  components: { schemas: Record<string, unknown> }
}

test('every endpoint of the contract is described', () => {
  for (const key of Object.keys(endpoints)) {
    const [method, path] = key.split(' ') as [string, string]
    expect(document.paths[path]?.[method.toLowerCase()], key).toBeDefined()
  }
})

test('every reference leads somewhere', () => {
  const text = JSON.stringify(document)
  const names = [...text.matchAll(/"#\/([^"]+)"/g)].map((match) => match[1]!)
  expect(names.length).toBeGreaterThan(20)
  for (const name of names) {
    expect(name.startsWith('components/schemas/')).toBe(true)
    expect(document.components.schemas[name.split('/').at(-1)!], name).toBeDefined()
  }
})
