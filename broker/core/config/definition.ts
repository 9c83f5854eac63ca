import type { Validator } from './validator.ts'

/** The types of Kafka's ConfigDef that our configs have; DescribeConfigs answers them as numbers. */
export type ConfigType = 'BOOLEAN' | 'STRING' | 'INT' | 'SHORT' | 'LONG' | 'DOUBLE' | 'LIST' | 'PASSWORD'

/** A parsed value. A LONG beyond 2^53 (Kafka's "no limit") is the nearest double: fit to compare with. */
export type ConfigValue = boolean | string | number | readonly string[] | null

/** Whether a broker config can be changed while the broker runs, for one broker or for all (KIP-226). */
export type UpdateMode = 'read-only' | 'cluster-wide'

/** A broker config that a topic or group config falls back to, and what one of its units is in ours. */
export type Synonym = { readonly name: string; readonly factor: number }

/** One config: `V` is the type of its parsed value. */
export type ConfigDefinition<V extends ConfigValue = ConfigValue> = {
  readonly type: ConfigType
  /** As text, because a LONG's default may not fit a number. */
  readonly default: string | null
  readonly doc: string
  readonly validate?: Validator
  readonly update: UpdateMode
  /** In order of precedence; the first is the one whose name DescribeConfigs starts from. */
  readonly synonyms: readonly Synonym[]
  /** Only in the type: what a parsed value is. */
  readonly value?: V
}

export type ConfigTable = Readonly<Record<string, ConfigDefinition>>

/** The parsed values of a table, by Kafka's names. */
export type ConfigValues<T extends ConfigTable> = {
  readonly [K in keyof T]: T[K] extends ConfigDefinition<infer V> ? V : never
}

type Options = {
  validate?: Validator
  update?: UpdateMode
  /** A name, or a name and the factor to our unit: `['log.retention.hours', 3_600_000]`. */
  synonyms?: readonly (string | readonly [string, number])[]
}

function definition(type: ConfigType, fallback: string | null, doc: string, options: Options) {
  const synonyms = (options.synonyms ?? []).map((synonym) =>
    typeof synonym === 'string' ? { name: synonym, factor: 1 } : { name: synonym[0], factor: synonym[1] },
  )
  return {
    type,
    default: fallback,
    doc,
    update: options.update ?? 'read-only',
    synonyms,
    ...(options.validate ? { validate: options.validate } : {}),
  }
}

export function boolean(fallback: boolean, doc: string, options: Options = {}): ConfigDefinition<boolean> {
  return definition('BOOLEAN', String(fallback), doc, options)
}

export function string(fallback: string, doc: string, options: Options = {}): ConfigDefinition<string> {
  return definition('STRING', fallback, doc, options)
}

export function nullableString(doc: string, options: Options = {}): ConfigDefinition<string | null> {
  return definition('STRING', null, doc, options)
}

export function int(fallback: number, doc: string, options: Options = {}): ConfigDefinition<number> {
  return definition('INT', String(fallback), doc, options)
}

export function nullableInt(doc: string, options: Options = {}): ConfigDefinition<number | null> {
  return definition('INT', null, doc, options)
}

export function short(fallback: number, doc: string, options: Options = {}): ConfigDefinition<number> {
  return definition('SHORT', String(fallback), doc, options)
}

export function long(
  fallback: number | string,
  doc: string,
  options: Options = {},
): ConfigDefinition<number> {
  return definition('LONG', String(fallback), doc, options)
}

export function nullableLong(doc: string, options: Options = {}): ConfigDefinition<number | null> {
  return definition('LONG', null, doc, options)
}

export function double(
  fallback: number | string,
  doc: string,
  options: Options = {},
): ConfigDefinition<number> {
  return definition('DOUBLE', String(fallback), doc, options)
}

export function list(
  fallback: readonly string[],
  doc: string,
  options: Options = {},
): ConfigDefinition<readonly string[]> {
  return definition('LIST', fallback.join(','), doc, options)
}

export function nullableList(doc: string, options: Options = {}): ConfigDefinition<readonly string[] | null> {
  return definition('LIST', null, doc, options)
}

/** The largest long of Java: Kafka's way to write "no limit". */
export const maxLong = '9223372036854775807'
/** The largest int of Java. */
export const maxInt = 2 ** 31 - 1
