import { readdirSync, readFileSync, statSync } from 'node:fs'
import { dirname, join, relative, resolve } from 'node:path'
import { describe, expect, test } from 'vitest'

/** Who may import whom (ARCHITECTURE.md). A room is the longest matching path prefix. */
const mayImport: Record<string, readonly string[]> = {
  'broker/core': [],
  'broker/records': ['broker/core'],
  'broker/protocol': ['broker/core'],
  'broker/security': ['broker/core'],
  'broker/log': ['broker/records', 'broker/core'],
  'broker/cluster': ['broker/log', 'broker/records', 'broker/protocol', 'broker/core'],
  'broker/coordinator': ['broker/protocol', 'broker/records', 'broker/core'],
  'broker/handlers': [
    'broker/protocol',
    'broker/records',
    'broker/cluster',
    'broker/coordinator',
    'broker/security',
    'broker/core',
  ],
  'broker/server': ['broker/handlers', 'broker/protocol', 'broker/security', 'broker/core'],
  broker: ['broker/*'],
  'lib/contract': [],
  'lib/server': ['lib/contract', 'broker'],
  'lib/queries': ['lib/contract'],
  'lib/live': ['lib/contract', 'lib/queries'],
  components: ['lib/queries', 'lib/live', 'lib/contract'],
  app: ['components', 'lib/queries', 'lib/live', 'lib/contract'],
  'app/api': ['lib/server', 'lib/contract'],
  'server.ts': ['lib/server', 'lib/contract', 'broker'],
}

const root = resolve(import.meta.dirname, '..')
const rooms = Object.keys(mayImport).sort((a, b) => b.length - a.length)

function roomOf(path: string): string | undefined {
  return rooms.find((room) => path === room || path.startsWith(`${room}/`))
}

function sourcesBelow(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name)
    if (entry.isDirectory()) return sourcesBelow(path)
    return /\.tsx?$/.test(entry.name) ? [path] : []
  })
}

function importsOf(file: string): string[] {
  const text = readFileSync(file, 'utf8')
  const specifiers = [...text.matchAll(/(?:from|import)\s*\(?\s*'(\.[^']+)'/g)].map((match) => match[1]!)
  return specifiers.map((specifier) => relative(root, resolve(dirname(file), specifier)))
}

function allowed(room: string, target: string): boolean {
  const permitted = mayImport[room] ?? []
  return target === room || permitted.includes(target) || permitted.includes(`${target.split('/')[0]}/*`)
}

const sources = ['app', 'components', 'lib', 'broker']
  .map((folder) => join(root, folder))
  .filter((folder) => statSync(folder, { throwIfNoEntry: false })?.isDirectory())
  .flatMap(sourcesBelow)

describe('rooms', () => {
  test('there is something to check', () => expect(sources.length).toBeGreaterThan(0))

  test.each(sources.map((file) => relative(root, file)))('%s imports only what its room may', (path) => {
    const room = roomOf(path)
    expect(room, `${path} lies in no room of the table`).toBeDefined()
    const wrong = importsOf(join(root, path)).filter((target) => {
      const targetRoom = roomOf(target)
      return targetRoom !== undefined && !allowed(room!, targetRoom)
    })
    expect(
      wrong,
      `${path} (room ${room}) may import ${mayImport[room!]!.join(', ') || 'nothing of ours'}`,
    ).toEqual([])
  })
})

describe('shape', () => {
  test.each(sources.map((file) => relative(root, file)))('%s has at most 500 lines', (path) => {
    const lines = readFileSync(join(root, path), 'utf8').split('\n').length
    expect(lines).toBeLessThanOrEqual(500)
  })
})
