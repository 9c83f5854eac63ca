import { createRequire } from 'node:module'
import type { FileRegion } from '../core/file-region.ts'

/** System calls on a socket, past Node. Both return how many bytes it took, 0 when it takes none now. */
export type DirectSend = {
  /** Sends bytes of `region` from `at` on, straight from the file. */
  file(socketDescriptor: number, region: FileRegion, at: number): number
  /** Sends bytes that more follow upon at once, so that the kernel need not send them alone. */
  head(socketDescriptor: number, bytes: Buffer): number
  /** Sets how much the system holds of what is sent and not yet acknowledged (SO_SNDBUF). */
  setSendBuffer(socketDescriptor: number, sizeBytes: number): void
  /** Sends as fast as the reader reads: by Reno, which has no clock, whatever the system's algorithm is. */
  dropPacing(socketDescriptor: number): void
}

const libraries = ['libc.so.6', 'libc.so']
/** The system call takes no more at once. */
const maxCount = 0x7ffff000
/** MSG_MORE, MSG_DONTWAIT and MSG_NOSIGNAL of Linux. */
const sendFlags = 0x8000 | 0x40 | 0x4000
/** SOL_SOCKET and SO_SNDBUF of Linux. */
const socketLevel = 1
const sendBufferOption = 7
/** IPPROTO_TCP and TCP_CONGESTION of Linux. */
const tcpLevel = 6
const congestionOption = 13
/** The one algorithm that every kernel has and everyone may choose. */
const reno = Buffer.from('reno')

let found: DirectSend | null | undefined

/**
 * Linux's `sendfile`, which Node does not offer, by way of koffi: the kernel hands the file's cached pages to the
 * socket, where reading and writing would copy each byte twice. Looked for at the first call; undefined where the
 * system or the library is another: then regions are read and written.
 */
export function directSendOfSystem(): DirectSend | undefined {
  if (found === undefined) found = process.platform === 'linux' ? load() : null
  return found ?? undefined
}

type Koffi = typeof import('koffi')

function load(): DirectSend | null {
  for (const library of libraries) {
    try {
      const koffi = createRequire(import.meta.url)('koffi') as Koffi
      return directSendOf(koffi.load(library))
    } catch {
      // Not this library, or no koffi for this machine: what comes instead works as well, only slower.
    }
  }
  return null
}

function directSendOf(library: ReturnType<Koffi['load']>): DirectSend {
  const sendfile = library.func(
    'intptr_t sendfile(int socket, int file, _Inout_ int64_t *position, size_t count)',
  )
  const send = library.func('intptr_t send(int socket, const void *bytes, size_t count, int flags)')
  const setsockopt = library.func(
    'int setsockopt(int socket, int level, int name, const void *value, uint32_t size)',
  )
  return {
    setSendBuffer: (socketDescriptor, sizeBytes) =>
      void setsockopt(socketDescriptor, socketLevel, sendBufferOption, Int32Array.of(sizeBytes), 4),
    dropPacing: (socketDescriptor) =>
      void setsockopt(socketDescriptor, tcpLevel, congestionOption, reno, reno.length),
    file(socketDescriptor, region, at) {
      if (region.systemDescriptor === undefined) return 0
      const count = Math.min(region.length - at, maxCount)
      return Math.max(0, sendfile(socketDescriptor, region.systemDescriptor, [region.position + at], count))
    },
    head: (socketDescriptor, bytes) => Math.max(0, send(socketDescriptor, bytes, bytes.length, sendFlags)),
  }
}
