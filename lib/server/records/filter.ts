import { Environment } from '@marcbachmann/cel-js'
import type { z } from 'zod'
import type { DecoderChoice, filter as filterSchema } from '../../contract/records.ts'
import { KafkaError } from '../kafka/kafka-error.ts'
import { decodeValue } from './decode.ts'
import type { RecordCursor } from './record-reader.ts'
import { requiredText } from './required-text.ts'
import { unsafePattern } from './safe-pattern.ts'

type FilterSpec = z.output<typeof filterSchema>
type Decoders = { keyDecoder: DecoderChoice; valueDecoder: DecoderChoice }

/** A compiled filter. Errors of single records are counted, not thrown: one odd record must not end a search. */
export type RecordFilter = {
  matches(cursor: RecordCursor): boolean
  /** False: no record of a batch with these (decompressed) bytes can match, so none needs a look. */
  mayMatch(batchBytes: Buffer): boolean
  errors: number
  firstError: string | null
}

/** Throws INVALID_REQUEST with the parser's words for an expression that does not parse. */
export function compileFilter(spec: FilterSpec, decoders: Decoders): RecordFilter {
  return spec.kind === 'text' ? textFilter(spec) : celFilter(spec.expression, decoders)
}

/** Whether a filter parses and, for CEL, whether its types fit. */
export function checkFilter(spec: FilterSpec): { ok: boolean; message: string | null; at: number | null } {
  if (spec.kind === 'text') return { ok: true, message: null, at: null }
  try {
    const parsed = environment.parse(spec.expression)
    const unsafe = unsafePattern(parsed.ast)
    if (unsafe !== undefined) return { ok: false, message: unsafe, at: null }
    const { valid, error } = parsed.check()
    if (valid || error === undefined) return { ok: true, message: null, at: null }
    return { ok: false, message: plainMessage(error.message), at: error.range?.start ?? null }
  } catch (error) {
    const at = (error as { range?: { start: number } }).range?.start ?? null
    return { ok: false, message: plainMessage(error instanceof Error ? error.message : String(error)), at }
  }
}

/**
 * Nothing of JavaScript is reachable from an expression, it cannot loop but over a record's own lists, and the
 * limits bound its size; see `unsafePattern` for `matches`. Whole numbers of JSON are doubles here, so arithmetic of
 * doubles with integer literals is allowed beyond the specification.
 */
const environment = withMixedArithmetic(
  new Environment({
    unlistedVariablesAreDyn: false,
    homogeneousAggregateLiterals: false,
    enableOptionalTypes: true,
    limits: { maxAstNodes: 500, maxDepth: 50, maxListElements: 200, maxMapEntries: 100, maxCallArguments: 8 },
  })
    .registerVariable('key', 'dyn')
    .registerVariable('value', 'dyn')
    .registerVariable('headers', 'dyn')
    .registerVariable('partition', 'int')
    .registerVariable('offset', 'int')
    .registerVariable('timestamp', 'int')
    .registerVariable('size', 'int'),
)

function celFilter(expression: string, { keyDecoder, valueDecoder }: Decoders): RecordFilter {
  const checked = checkFilter({ kind: 'cel', expression })
  if (!checked.ok) throw new KafkaError('INVALID_REQUEST', `The filter does not parse: ${checked.message}`)
  const evaluate = environment.parse(expression)
  const required = requiredText(evaluate.ast).map((text) => Buffer.from(text))
  const holdsRequired = (bytes: Buffer) =>
    required.every((text) => bytes.includes(text)) || bytes.includes(escapedCharacter)
  const subject = new RecordSubject(keyDecoder, valueDecoder)
  const compiled: RecordFilter = {
    errors: 0,
    firstError: null,
    mayMatch: (batchBytes) => required.length === 0 || holdsRequired(batchBytes),
    matches(cursor) {
      const bytes = required.length === 0 ? null : cursor.recordBytes
      if (bytes !== null && !holdsRequired(bytes)) return false
      try {
        return evaluate(subject.over(cursor)) === true
      } catch (error) {
        // A field that this record has not: no match, as a reader of the expression would expect.
        compiled.errors++
        compiled.firstError ??= firstLine(error instanceof Error ? error.message : String(error))
        return false
      }
    },
  }
  return compiled
}

/** Text may stand in JSON as \\u escapes: then bytes alone say nothing. */
const escapedCharacter = Buffer.from('\\u')

/** What an expression sees of a record, decoded only when it looks. */
class RecordSubject {
  readonly #keyDecoder: DecoderChoice
  readonly #valueDecoder: DecoderChoice
  #cursor: RecordCursor | undefined
  #value: unknown

  constructor(keyDecoder: DecoderChoice, valueDecoder: DecoderChoice) {
    this.#keyDecoder = keyDecoder
    this.#valueDecoder = valueDecoder
  }

  over(cursor: RecordCursor): this {
    this.#cursor = cursor
    this.#value = undefined
    return this
  }

  get key(): unknown {
    return decodeValue(this.#cursor!.key, this.#keyDecoder)
  }
  get value(): unknown {
    this.#value ??= decodeValue(this.#cursor!.value, this.#valueDecoder)
    return this.#value
  }
  get headers(): unknown {
    return headersOf(this.#cursor!)
  }
  get partition(): bigint {
    return BigInt(this.#cursor!.partition)
  }
  get offset(): bigint {
    return BigInt(this.#cursor!.offset)
  }
  get timestamp(): bigint {
    return BigInt(this.#cursor!.timestamp)
  }
  get size(): bigint {
    return BigInt(this.#cursor!.size)
  }
}

type Arithmetic = (a: number | bigint, b: number | bigint) => number

function withMixedArithmetic(environment: Environment): Environment {
  const operators: Record<string, Arithmetic> = {
    '+': (a, b) => Number(a) + Number(b),
    '-': (a, b) => Number(a) - Number(b),
    '*': (a, b) => Number(a) * Number(b),
    '/': (a, b) => Number(a) / Number(b),
    '%': (a, b) => Number(a) % Number(b),
  }
  for (const [operator, compute] of Object.entries(operators)) {
    environment.registerOperator(`double ${operator} int`, compute)
    environment.registerOperator(`int ${operator} double`, compute)
  }
  return environment
}

function headersOf(cursor: RecordCursor): Record<string, unknown> {
  return Object.fromEntries(cursor.headers.map(({ key, value }) => [key, decodeValue(value, 'auto')]))
}

function textFilter({ text, in: where, caseSensitive }: Extract<FilterSpec, { kind: 'text' }>): RecordFilter {
  const needle = Buffer.from(text)
  // biome-ignore lint/suspicious/noControlCharactersInRegex: the whole of ASCII is meant
  const ascii = /^[\x00-\x7f]*$/.test(text)
  const lower = text.toLowerCase()
  const holds = caseSensitive
    ? (bytes: Buffer) => bytes.includes(needle)
    : // Bytes as Latin-1 fold ASCII case far faster than UTF-8 decodes.
      (bytes: Buffer) =>
        bytes
          .toString(ascii ? 'latin1' : 'utf8')
          .toLowerCase()
          .includes(lower)
  const inField = (bytes: Buffer | null) => bytes !== null && holds(bytes)
  const inHeaders = (cursor: RecordCursor) =>
    cursor.headers.some(({ key, value }) => holds(Buffer.from(key)) || inField(value))
  return {
    errors: 0,
    firstError: null,
    mayMatch: holds,
    matches(cursor) {
      if (where === 'key') return inField(cursor.key)
      if (where === 'value') return inField(cursor.value)
      if (where === 'headers') return inHeaders(cursor)
      return inField(cursor.value) || inField(cursor.key) || inHeaders(cursor)
    },
  }
}

/** The parser's words, but for its own name of the end. */
function plainMessage(text: string): string {
  return firstLine(text).replace(
    /^Unexpected token: EOF$/,
    'The expression ends too early: something is missing',
  )
}

function firstLine(text: string): string {
  return text.split('\n', 1)[0]!
}
