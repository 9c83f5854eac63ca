/** Says that something was done. The toast library is loaded with the first notice. */
export async function notifyDone(text: string, detail?: string): Promise<void> {
  const { toast } = await import('sonner')
  toast.success(text, detail === undefined ? {} : { description: detail })
}

/** Says that something failed, and why; stays until it is closed. */
export async function notifyFailed(text: string, error: unknown): Promise<void> {
  const { toast } = await import('sonner')
  const description = error instanceof Error ? error.message : String(error)
  toast.error(text, { description, duration: 15_000 })
}
