import { z } from 'zod'

/** Body of every answer that is not 2xx. `code` is Kafka's error name where Kafka gave one. */
export const apiError = z
  .object({
    error: z.object({
      /** Kafka's name (`TOPIC_ALREADY_EXISTS`) or one of ours (`INVALID_REQUEST`, `NOT_FOUND`, …). */
      code: z.string(),
      /** A whole sentence that a person can act on. */
      message: z.string(),
      retriable: z.boolean(),
      /** Which fields of the request were wrong, for a form to show beside them. */
      fields: z.array(z.object({ path: z.string(), message: z.string() })).optional(),
    }),
  })
  .meta({ id: 'ApiError' })
export type ApiError = z.infer<typeof apiError>

/** Answer of an action that has nothing else to say. */
export const done = z.object({ ok: z.literal(true) }).meta({ id: 'Done' })
export type Done = z.infer<typeof done>
