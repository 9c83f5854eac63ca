import type { Broker } from '../../broker/index.ts'
import { connectLines } from './connect-snippets.ts'
import { isLoopback } from './http/guard.ts'
import type { ServerOptions } from './options.ts'

/** What a person needs once everything answers. */
export function announce(
  options: ServerOptions,
  http: { host: string; port: number },
  broker: Broker | undefined,
  elapsedMs: number,
): void {
  const name =
    isLoopback(http.host) || http.host === '0.0.0.0' || http.host === '::' ? 'localhost' : http.host
  const lines = [`Millrace is ready after ${(elapsedMs / 1_000).toFixed(1)} s.`, '']
  lines.push(`  Dashboard  http://${name}:${http.port}`)
  if (broker !== undefined) {
    lines.push(`  Kafka      ${broker.address}`)
    lines.push(`  Data       ${broker.dataDir}${broker.ephemeral ? ' (gone at exit)' : ''}`)
  }
  for (const address of options.bootstrap) lines.push(`  Cluster    ${address}`)
  if (broker !== undefined) lines.push('', ...connectLines(broker.address).map((line) => `  ${line}`))
  if (!isLoopback(options.host)) {
    lines.push(
      '',
      `  Open to the network on ${options.host}: whoever reaches it can read, write and delete everything,`,
      '  for there are no passwords yet. Without --host it listens on this machine alone.',
    )
  }
  console.log(lines.join('\n'))
}
