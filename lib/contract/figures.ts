import { z } from 'zod'

/**
 * Where a figure comes from: `exact` from the broker in this process over the host channel,
 * `estimate` from what any cluster answers over the Kafka protocol (an offset difference counts
 * transaction markers and compacted records too).
 */
export const precision = z.enum(['exact', 'estimate'])
export type Precision = z.infer<typeof precision>

/** One point of a history: server time in ms, and the value (null: unknown then). */
export const point = z.tuple([z.number(), z.number().nullable()])
export type Point = z.infer<typeof point>

export const compression = z.enum(['none', 'gzip', 'snappy', 'lz4', 'zstd'])
export type Compression = z.infer<typeof compression>

/** Boolean in a URL query. */
export const queryFlag = z
  .enum(['true', 'false'])
  .transform((text) => text === 'true')
  .or(z.boolean())
