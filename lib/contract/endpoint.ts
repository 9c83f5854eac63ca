import type { z } from 'zod'

/** What a REST endpoint takes and gives. Its key in a table is `METHOD /path/{parameter}`. */
export type Endpoint = {
  readonly tag: string
  readonly summary: string
  readonly description?: string
  /** URL query; every field is a string on the wire, so numeric fields use `z.coerce`. */
  readonly query?: z.ZodType
  readonly body?: z.ZodType
  readonly response: z.ZodType
  /** Set when the response is streamed text instead of one JSON body. */
  readonly streams?: readonly string[]
}

type ParameterNames<Path extends string> = Path extends `${string}{${infer Name}}${infer Rest}`
  ? Name | ParameterNames<Rest>
  : never

type Flat<T> = { [K in keyof T]: T[K] }
type InputPart<Name extends string, Schema> = Schema extends z.ZodType
  ? Record<never, never> extends z.input<Schema>
    ? { [K in Name]?: z.input<Schema> }
    : { [K in Name]: z.input<Schema> }
  : unknown

/** What the caller of an endpoint gives: path parameters, query and body, as the contract has them. */
export type InputOf<Key extends string, E> = Flat<
  ([ParameterNames<Key>] extends [never]
    ? unknown
    : { params: { [N in ParameterNames<Key>]: string | number } }) &
    (E extends { query: infer Q } ? InputPart<'query', Q> : unknown) &
    (E extends { body: infer B } ? InputPart<'body', B> : unknown)
>

/** What an endpoint answers with 2xx. */
export type OutputOf<E> = E extends { response: infer R extends z.ZodType } ? z.output<R> : never

/** Keeps the literal types of a table of endpoints while checking its shape. */
export function endpointTable<
  const T extends Record<`${'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'} /api/${string}`, Endpoint>,
>(table: T): T {
  return table
}
