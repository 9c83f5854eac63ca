import { DecodeError, EncodeError } from './errors.ts'
import type { Reader } from './reader.ts'
import type { Writer } from './writer.ts'

/*
 * The code that reads and writes one struct, made from the names of its fields. A loop over the fields, one for all
 * structs, is twice as slow: each value goes by a name that the engine does not know, to a function that it cannot
 * know. Made for one struct, the fields stand in a literal, and their functions become part of it.
 */

export type Read = (reader: Reader) => unknown
export type Write = (writer: Writer, value: unknown) => void

/** Reads the fields in their order into an object of that order; a DecodeError learns in which one it happened. */
export function structReader(names: readonly string[], reads: readonly Read[]): Read {
  const steps = names.map((_, index) => `const field${index} = read${index}(reader); step = ${index + 1}`)
  const fields = names.map((name, index) => `${checked(name)}: field${index}`)
  return make(
    { names, located: locatedIn(DecodeError), ...numbered('read', reads) },
    `(reader) => {
      let step = 0
      try {
        ${steps.join('\n')}
        return { ${fields.join(', ')} }
      } catch (error) {
        throw located(error, names[step])
      }
    }`,
  )
}

/** A field's name, how it is written, and what is written where the struct does not have it. */
export type FieldWriter = {
  readonly name: string
  readonly write: Write
  readonly makeDefault: () => unknown
}

/** Writes the fields in their order; an EncodeError learns in which one it happened. */
export function structWriter(fields: readonly FieldWriter[]): Write {
  const names = fields.map(({ name }) => name)
  const steps = names.map(
    (name, index) => `const field${index} = struct.${checked(name)}
      write${index}(writer, field${index} === undefined ? default${index}() : field${index}); step = ${index + 1}`,
  )
  const writes = numbered(
    'write',
    fields.map(({ write }) => write),
  )
  const defaults = numbered(
    'default',
    fields.map(({ makeDefault }) => makeDefault),
  )
  return make(
    { names, located: locatedIn(EncodeError), missing, ...writes, ...defaults },
    `(writer, struct) => {
      if (struct === null || struct === undefined) throw missing(struct)
      let step = 0
      try {
        ${steps.join('\n')}
      } catch (error) {
        throw located(error, names[step])
      }
    }`,
  )
}

/** A function whose code sees `values` by their names. */
function make<Made>(values: Readonly<Record<string, unknown>>, code: string): Made {
  return new Function(...Object.keys(values), `return ${code}`)(...Object.values(values)) as Made
}

function numbered(name: string, values: readonly unknown[]): Record<string, unknown> {
  return Object.fromEntries(values.map((value, index) => [`${name}${index}`, value]))
}

/** Names come from our own tables, and stand in the code as they are. */
function checked(name: string): string {
  if (!/^[a-z][A-Za-z0-9]*$/.test(name)) throw new RangeError(`'${name}' is no name of a field`)
  return name
}

function locatedIn(kind: typeof DecodeError | typeof EncodeError) {
  return (error: unknown, name: string): unknown => {
    if (error instanceof kind) error.at(name)
    return error
  }
}

function missing(struct: null | undefined): EncodeError {
  return new EncodeError(`${struct}, where a struct is needed`)
}
