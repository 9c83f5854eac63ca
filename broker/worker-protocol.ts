import type { EmbeddedSettings } from './embedded-broker.ts'
import type { EventBatch, HostCommand, HostCommands } from './host.ts'

/** What the broker's thread starts with. */
export type WorkerInput = { readonly settings: EmbeddedSettings }

/** An error as plain data: structured clone drops the code of a class of ours. */
export type ErrorText = {
  readonly name: string
  readonly message: string
  readonly code: string | undefined
  readonly stack: string | undefined
}

/** What the broker's thread needs the host to know at once. */
export type Ready = { readonly port: number; readonly clusterId: string }

export type ToHost =
  | ({ readonly type: 'ready' } & Ready)
  | { readonly type: 'failed'; readonly error: ErrorText }
  | { readonly type: 'events'; readonly batch: EventBatch }
  | { readonly type: 'answer'; readonly id: number; readonly response: unknown }
  | { readonly type: 'refusal'; readonly id: number; readonly error: ErrorText }
  | { readonly type: 'log'; readonly level: 'info' | 'warn' | 'error'; readonly message: string }

export type ToWorker = {
  readonly type: 'ask'
  readonly id: number
  readonly command: HostCommand
  readonly request: HostCommands[HostCommand]['request']
}

export function errorText(error: unknown): ErrorText {
  if (!(error instanceof Error))
    return { name: 'Error', message: String(error), code: undefined, stack: undefined }
  const { code } = error as { code?: unknown }
  return {
    name: error.name,
    message: error.message,
    code: typeof code === 'string' ? code : undefined,
    stack: error.stack,
  }
}

/** The error again, with its name and code; its class stayed in the other thread. */
export function errorFrom({ name, message, code, stack }: ErrorText): Error {
  const error = Object.assign(new Error(message), { name, ...(code === undefined ? {} : { code }) })
  if (stack !== undefined) error.stack = stack
  return error
}
