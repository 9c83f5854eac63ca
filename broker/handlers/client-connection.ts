/** What the broker knows of one client's connection; handlers read it and fill in the software's name. */
export type ClientConnection = {
  /** Unique within the node's life, counting up. */
  readonly id: number
  readonly remoteHost: string
  readonly remotePort: number
  /** The address and port of ours that the client reached. */
  readonly localHost: string
  readonly localPort: number
  /** `User:ANONYMOUS` until there is authentication. */
  readonly principal: string
  /** From ApiVersions v3+ (KIP-511); null before, or when the client does not say. */
  softwareName: string | null
  softwareVersion: string | null
  /** Whether answers on it may leave records in their files. */
  readonly sendsFiles: boolean
  /** Gives up what the request in hand waits for; called when the connection closes first. */
  cancelWaiting: (() => void) | undefined
  /** Host and port handed to this client for a node that listens on `host:port`. */
  advertised(broker: { readonly nodeId: number; readonly host: string; readonly port: number }): {
    readonly host: string
    readonly port: number
  }
}
