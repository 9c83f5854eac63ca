import type { EncodableShape, Message, Shape } from '../../../../broker/protocol/fields.ts'
import type { Stage } from './stage.ts'

/** What an arrangement gave on one broker; the values may differ between the two, the keys do not. */
export type Arranged = Readonly<Record<string, unknown>>

/** A request written by hand: on top of what is derived from the schema. */
export type Special = {
  readonly kind: 'valid' | 'edge' | 'broken'
  readonly name: string
  readonly minVersion: number
  body(arranged: Arranged, version: number): unknown
}

/** How one API is asked: a valid request in each of its versions, and what it acts on. */
export type ApiCase = {
  readonly apiKey: number
  arrange(stage: Stage): Promise<Arranged>
  /** The request uses up what was arranged: it is set up anew for each. */
  readonly isConsumed: boolean
  /** It changes nothing, so that it can be asked again until the broker's own news have spread. */
  readonly isReading: boolean
  readonly maybeSilent: boolean
  base(arranged: Arranged, version: number): unknown
  readonly specials: readonly Special[]
  /** Derived requests that cannot be compared; each stands beside its reason in the table. */
  readonly without: RegExp | undefined
  /** Of lists of all there is: which items are this case's. */
  readonly own: Readonly<Record<string, (item: Record<string, unknown>, key: string) => boolean>>
}

type Body<S extends Shape, A> = (arranged: A, version: number) => EncodableShape<S>

export type CaseOptions<S extends Shape, A extends Arranged> = {
  readonly arrange?: (stage: Stage) => Promise<A>
  readonly base: Body<S, A>
  readonly isConsumed?: boolean
  readonly isReading?: boolean
  readonly maybeSilent?: boolean
  readonly valid?: Readonly<Record<string, Body<S, A> | readonly [minVersion: number, Body<S, A>]>>
  readonly edge?: Readonly<Record<string, Body<S, A> | readonly [minVersion: number, Body<S, A>]>>
  readonly broken?: Readonly<Record<string, Body<S, A> | readonly [minVersion: number, Body<S, A>]>>
  readonly without?: RegExp
  readonly own?: ApiCase['own']
}

/** One line of the table, checked against the request's own type. */
export function apiCase<S extends Shape, A extends Arranged = Record<string, never>>(
  request: Message<S>,
  options: CaseOptions<S, A>,
): ApiCase {
  const specials = (['valid', 'edge', 'broken'] as const).flatMap((kind) =>
    Object.entries(options[kind] ?? {}).map(([name, given]): Special => {
      const [minVersion, body] = typeof given === 'function' ? [0, given] : given
      // The table erases what was arranged; it comes from this very case's `arrange`.
      return { kind, name, minVersion, body: (arranged, version) => body(arranged as A, version) }
    }),
  )
  return {
    apiKey: request.apiKey,
    arrange: options.arrange ?? (async () => ({})),
    isConsumed: options.isConsumed ?? false,
    isReading: options.isReading ?? false,
    maybeSilent: options.maybeSilent ?? false,
    base: (arranged, version) => options.base(arranged as A, version),
    specials,
    without: options.without,
    own: options.own ?? {},
  }
}

/** Of all topics the case's own; what was asked for by a name that nobody has stays too. */
export function isOwnTopic({ name }: Record<string, unknown>, key: string): boolean {
  const text = String(name)
  return text === key || !/^(case-|begin|of-|__)/.test(text) || text.startsWith(`${key}-`)
}
