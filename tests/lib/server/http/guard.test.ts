import type { IncomingMessage } from 'node:http'
import { describe, expect, test } from 'vitest'
import { Guard } from '../../../../lib/server/http/guard.ts'

const request = (method: string, headers: Record<string, string>) =>
  ({ method, headers }) as unknown as IncomingMessage
const local = new Guard({ host: '127.0.0.1', allowedHosts: ['box.example'] })
const opened = new Guard({ host: '0.0.0.0', allowedHosts: [] })

describe('guard', () => {
  test.each(['localhost:3000', '127.0.0.1:3000', '[::1]:3000', 'millrace.localhost', 'BOX.example:80'])(
    'a page opened as %s is served',
    (host) => expect(local.refuse(request('GET', { host }))).toBeUndefined(),
  )
  test.each(['evil.example', 'localhost.evil.example:3000', '192.168.0.7:3000', ''])(
    'the Host %s is refused',
    (host) => expect(local.refuse(request('GET', { host }))).toContain('Host header'),
  )
  test('an opened server is reached by address, not by any name', () => {
    expect(opened.refuse(request('GET', { host: '192.168.0.7:3000' }))).toBeUndefined()
    expect(opened.refuse(request('GET', { host: 'evil.example' }))).toBeDefined()
  })
  test('what changes something comes from our own page or from no page', () => {
    const host = 'localhost:3000'
    expect(local.refuse(request('POST', { host, origin: 'http://localhost:3000' }))).toBeUndefined()
    expect(local.refuse(request('POST', { host }))).toBeUndefined()
    expect(local.refuse(request('DELETE', { host, origin: 'http://evil.example' }))).toBeDefined()
    expect(local.refuse(request('DELETE', { host, origin: 'http://localhost:9999' }))).toBeDefined()
    expect(local.refuse(request('DELETE', { host, origin: 'null' }))).toBeDefined()
    expect(local.refuse(request('POST', { host, 'sec-fetch-site': 'cross-site' }))).toBeDefined()
  })
})
