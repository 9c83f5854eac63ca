import { isIPv6 } from 'node:net'

/** A host and port as handed to clients; an IPv6 host has no brackets and no zone. */
export type AdvertisedAddress = { readonly host: string; readonly port: number }

/** What the operator set; either part may be left to us. */
export type AdvertisedSetting = { readonly host?: string; readonly port?: number }

/**
 * The address of a node to hand to the client of one connection: in Metadata, FindCoordinator, DescribeCluster
 * and the endpoints of KIP-951. What the operator set goes first. Without it the host is the address of ours
 * that this very connection reached, so a client beside us, in a container or on another machine each gets one
 * that works for it. The port is where the node listens: a port that was forwarded on the way is not visible
 * here and has to be set.
 */
export function advertisedAddress(
  localAddress: string | undefined,
  listener: AdvertisedAddress,
  setting: AdvertisedSetting = {},
): AdvertisedAddress {
  return {
    host: setting.host ?? reachedHost(localAddress) ?? listenerHost(listener.host),
    port: setting.port ?? listener.port,
  }
}

/**
 * Reads an advertised address as people write it: `host`, `host:port`, `[::1]:9092`, `::1`, or Kafka's
 * `PLAINTEXT://host:port`. Throws with a sentence for a person when it is none of these.
 */
export function parseAdvertised(text: string): AdvertisedSetting {
  const address = text.trim().replace(/^[a-z_]+:\/\//i, '')
  const match = isIPv6(address)
    ? { host: address, port: undefined }
    : (/^\[(?<host>[^\]]+)\](?::(?<port>\d+))?$/.exec(address)?.groups ??
      /^(?<host>[^:/\s[\]]*)(?::(?<port>\d+))?$/.exec(address)?.groups)
  const port = match?.port === undefined ? undefined : Number(match.port)
  if (!match || (port !== undefined && (port < 1 || port > 65_535)) || (!match.host && port === undefined)) {
    throw new Error(`"${text}" is no address to advertise: write host, host:port or [ipv6]:port`)
  }
  if (match.host && isUnspecified(match.host)) {
    throw new Error(`"${text}" cannot be advertised: no client can connect to ${match.host}`)
  }
  return { ...(match.host ? { host: match.host } : {}), ...(port === undefined ? {} : { port }) }
}

/** `host:port`, with brackets where IPv6 needs them. */
export function formatAddress({ host, port }: AdvertisedAddress): string {
  // No name and no IPv4 address has a colon; Node's isIPv6 takes 3 ms of each start to compile its pattern.
  return host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`
}

/** A dual-stack socket names an IPv4 peer `::ffff:a.b.c.d`, which clients without IPv6 cannot use. */
function reachedHost(localAddress: string | undefined): string | undefined {
  if (!localAddress || isUnspecified(localAddress)) return undefined
  const host = localAddress.replace(/^::ffff:(?=\d+\.\d+\.\d+\.\d+$)/i, '')
  // A zone (fe80::1%eth0) is a name of our interface, not of the client's.
  return host.replace(/%.*$/, '')
}

/** Only for a socket that is gone already; a listener on all addresses is at least reachable from here. */
function listenerHost(host: string): string {
  if (!isUnspecified(host)) return host
  return isIPv6(host) ? '::1' : '127.0.0.1'
}

function isUnspecified(host: string): boolean {
  return (
    host === '' || /^0(\.0){0,3}$/.test(host) || /^(0*:)+0*$/.test(host) || /^::ffff:0\.0\.0\.0$/i.test(host)
  )
}
