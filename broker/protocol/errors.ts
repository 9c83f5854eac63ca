/** One step on the way to a field: a name, or an index in an array. */
type PathStep = string | number

function pathText(message: string, path: readonly PathStep[]): string {
  return message + path.map((step) => (typeof step === 'number' ? `[${step}]` : `.${step}`)).join('')
}

/**
 * Bytes that are not the message that they should be: a client's fault, never ours. It says the message,
 * the field and the byte. `at` is called from the inside out while the error travels up.
 */
export class DecodeError extends Error {
  override readonly name = 'DecodeError'
  readonly code = 'DECODE'
  readonly reason: string
  /** Offset in the decoded buffer. */
  readonly byte: number
  /** Such as 'ProduceRequest v11'; empty until the codec has named it. */
  messageName = ''
  private readonly path: PathStep[] = []

  constructor(reason: string, byte: number) {
    super(`${reason} at byte ${byte}`)
    this.reason = reason
    this.byte = byte
  }

  at(step: PathStep): void {
    this.path.unshift(step)
  }

  in(messageName: string): void {
    this.messageName = messageName
    this.message = `cannot decode ${this.field} at byte ${this.byte}: ${this.reason}`
  }

  /** Such as 'FetchRequest v12.topics[0].partitions'. */
  get field(): string {
    return pathText(this.messageName, this.path)
  }
}

/** A value that its field cannot carry in that version: a bug of ours. */
export class EncodeError extends Error {
  override readonly name = 'EncodeError'
  readonly code = 'ENCODE'
  readonly reason: string
  private messageName = ''
  private readonly path: PathStep[] = []

  constructor(reason: string) {
    super(reason)
    this.reason = reason
  }

  at(step: PathStep): void {
    this.path.unshift(step)
  }

  in(messageName: string): void {
    this.messageName = messageName
    this.message = `cannot encode ${this.field}: ${this.reason}`
  }

  get field(): string {
    return pathText(this.messageName, this.path)
  }
}
