/** Who sent a group request, and in which version of its API. */
export type RequestContext = {
  readonly apiVersion: number
  readonly clientId: string
  /** As Kafka shows it: the address with a slash before it. */
  readonly clientHost: string
}
