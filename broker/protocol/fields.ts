import type { Chunk } from '../core/file-region.ts'
import { parseVersions, type VersionRange, type Versions } from './versions.ts'

/**
 * The table form of Kafka's message definitions. A message is a name, a version range and a shape; a shape
 * is a record of fields; a field says its type and, beside it, the versions that carry it. `Decoded` and
 * `Encodable` infer TypeScript types from the table, the codec compiles it. '0+' means every version.
 */
export type PrimitiveType =
  | 'bool'
  | 'int8'
  | 'int16'
  | 'uint16'
  | 'int32'
  | 'uint32'
  | 'int64'
  | 'float64'
  | 'string'
  | 'uuid'
  | 'bytes'
  | 'records'

/** What the codec needs to know of one field; the inferred types live in `Field` around it. */
export interface FieldSpec {
  readonly type: PrimitiveType | 'array' | 'struct'
  readonly versions: VersionRange
  readonly nullable: VersionRange
  /** Undefined: the type's zero value ('' for strings, [] for arrays, null for records). */
  readonly default: unknown
  readonly tag: number | undefined
  /** The versions in which the field is tagged; only read when `tag` is there. */
  readonly tagged: VersionRange
  /** 'none' keeps the old length prefix in flexible versions: only RequestHeader's client id does. */
  readonly flexible: 'none' | undefined
  /** Of an array. */
  readonly element: FieldSpec | undefined
  /** Of a struct. */
  readonly shape: Shape | undefined
}

declare const inferred: unique symbol

export interface Field<Read = unknown, Write = unknown, Optional extends boolean = boolean>
  extends FieldSpec {
  readonly [inferred]?: { readonly read: Read; readonly write: Write; readonly optional: Optional }
}

export type Shape = { readonly [name: string]: Field }

/** A value as `decode` gives it: every field is there; one that the version lacks holds its default. */
export type DecodedShape<S extends Shape> = {
  -readonly [K in keyof S]: S[K] extends Field<infer Read> ? Read : never
}

type OptionalKeys<S extends Shape> = {
  [K in keyof S]: S[K] extends Field<unknown, unknown, infer Optional>
    ? Optional extends true
      ? K
      : never
    : never
}[keyof S]

type WriteOf<F> = F extends Field<unknown, infer Write> ? Write : never
type Flat<T> = { [K in keyof T]: T[K] }

/** A value as `encode` takes it: fields with a default, a tag or only some versions may be left out. */
export type EncodableShape<S extends Shape> = Flat<
  { readonly [K in Exclude<keyof S, OptionalKeys<S>>]: WriteOf<S[K]> } & {
    readonly [K in OptionalKeys<S>]?: WriteOf<S[K]> | undefined
  }
>

export type Decoded<M extends { readonly shape: Shape }> = DecodedShape<M['shape']>
export type Encodable<M extends { readonly shape: Shape }> = EncodableShape<M['shape']>

export interface FieldOptions<Value> {
  /** The versions in which the value may be null. */
  readonly nullable?: Versions
  readonly default?: Value | null
  readonly tag?: number
  /** The versions in which the field is tagged, where they are fewer than those that have it. */
  readonly tagged?: Versions
  readonly flexible?: 'none'
}

type Nullable<Value, Options> = Options extends { readonly nullable: string } ? Value | null : Value
type IsOptional<V, Options> = V extends '0+'
  ? Options extends { readonly default: unknown } | { readonly tag: number }
    ? true
    : false
  : true

type FieldOf<Read, Write, V, Options> = Field<
  Nullable<Read, Options>,
  Nullable<Write, Options>,
  IsOptional<V, Options>
>

function fieldSpec(
  type: FieldSpec['type'],
  versions: string,
  options: FieldOptions<unknown>,
  inner: { element?: FieldSpec; shape?: Shape } = {},
): FieldSpec {
  return {
    type,
    versions: parseVersions(versions),
    nullable: parseVersions(options.nullable ?? 'none'),
    default: options.default,
    tag: options.tag,
    tagged: parseVersions(options.tagged ?? versions),
    flexible: options.flexible,
    element: inner.element,
    shape: inner.shape,
  }
}

function primitive<Read, Write = Read>(type: PrimitiveType) {
  return <const V extends Versions = '0+', const O extends FieldOptions<Write> = Record<never, never>>(
    versions?: V,
    options?: O,
  ): FieldOf<Read, Write, V, O> => fieldSpec(type, versions ?? '0+', options ?? {})
}

export const bool = primitive<boolean>('bool')
export const int8 = primitive<number>('int8')
export const int16 = primitive<number>('int16')
export const uint16 = primitive<number>('uint16')
export const int32 = primitive<number>('int32')
export const uint32 = primitive<number>('uint32')
/** A number: offsets, timestamps, producer ids. Values beyond 2^53 decode to the nearest within. */
export const int64 = primitive<number>('int64')
export const float64 = primitive<number>('float64')
export const string = primitive<string>('string')
/** Kafka's 22-character base64url form. */
export const uuid = primitive<string>('uuid')
/** Decodes to a view on the frame; encodes one buffer, or several as if they were one. */
export const bytes = primitive<Buffer, Buffer | readonly Buffer[]>('bytes')
/** Record batches; as bytes on the wire, but null where it is left out. They may stay in their file. */
export const records = primitive<Buffer, Chunk | readonly Buffer[]>('records')

type ReadElement<E> = E extends FieldSpec
  ? E extends Field<infer Read>
    ? Read
    : never
  : E extends Shape
    ? DecodedShape<E>
    : never
type WriteElement<E> = E extends FieldSpec ? WriteOf<E> : E extends Shape ? EncodableShape<E> : never

function isFieldSpec(value: FieldSpec | Shape): value is FieldSpec {
  return typeof (value as FieldSpec).type === 'string'
}

/** An array of structs (given by their shape) or of primitives (given by a field such as `int32()`). */
export function arrayOf<
  const E extends Field | Shape,
  const V extends Versions = '0+',
  const O extends FieldOptions<readonly WriteElement<E>[]> = Record<never, never>,
>(element: E, versions?: V, options?: O): FieldOf<ReadElement<E>[], readonly WriteElement<E>[], V, O> {
  const elementSpec = isFieldSpec(element) ? element : fieldSpec('struct', '0+', {}, { shape: element })
  return fieldSpec('array', versions ?? '0+', options ?? {}, { element: elementSpec })
}

export function struct<
  const S extends Shape,
  const V extends Versions = '0+',
  const O extends FieldOptions<EncodableShape<S>> = Record<never, never>,
>(shape: S, versions?: V, options?: O): FieldOf<DecodedShape<S>, EncodableShape<S>, V, O> {
  return fieldSpec('struct', versions ?? '0+', options ?? {}, { shape })
}

export interface MessageOptions {
  /** Kafka's name, such as 'FetchRequest'. */
  readonly name: string
  /** The API key of a request or response, or the type number of a record. */
  readonly apiKey?: number
  /** The versions that Kafka 4.3.1 knows. */
  readonly versions: Versions
  /** The versions in the compact encoding with tagged fields. */
  readonly flexible: Versions
}

export interface Message<S extends Shape = Shape> {
  readonly name: string
  readonly apiKey: number
  readonly versions: VersionRange
  readonly flexible: VersionRange
  readonly shape: S
}

/** `apiKey` is -1 where Kafka gives the message no number. */
export function message<const S extends Shape>(options: MessageOptions, shape: S): Message<S> {
  return {
    name: options.name,
    apiKey: options.apiKey ?? -1,
    versions: parseVersions(options.versions),
    flexible: parseVersions(options.flexible),
    shape,
  }
}
