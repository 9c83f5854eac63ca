import { z } from 'zod'
import { endpointTable } from './endpoint.ts'

export const configSource = z.enum([
  'DYNAMIC_TOPIC_CONFIG',
  'DYNAMIC_BROKER_CONFIG',
  'DYNAMIC_DEFAULT_BROKER_CONFIG',
  'STATIC_BROKER_CONFIG',
  'DEFAULT_CONFIG',
  'DYNAMIC_BROKER_LOGGER_CONFIG',
  'DYNAMIC_CLIENT_METRICS_CONFIG',
  'DYNAMIC_GROUP_CONFIG',
  'UNKNOWN',
])

export const configEntry = z
  .object({
    name: z.string(),
    value: z.string().nullable(),
    /** What it falls back to when reset; null: the cluster did not say. */
    defaultValue: z.string().nullable(),
    source: configSource,
    /** Set on this resource itself, so that it can be reset. */
    isSet: z.boolean(),
    readOnly: z.boolean(),
    sensitive: z.boolean(),
    type: z.enum([
      'BOOLEAN',
      'STRING',
      'INT',
      'SHORT',
      'LONG',
      'DOUBLE',
      'LIST',
      'CLASS',
      'PASSWORD',
      'UNKNOWN',
    ]),
    documentation: z.string().nullable(),
    /** Heading on the page: `Retention`, `Segments`, `Compaction`, `Replication`, `Messages`, … */
    group: z.string(),
    synonyms: z.array(z.object({ name: z.string(), value: z.string().nullable(), source: configSource })),
  })
  .meta({ id: 'ConfigEntry' })
export type ConfigEntry = z.infer<typeof configEntry>

/** A string sets, null resets to the default. */
export const alterConfigsBody = z
  .object({
    changes: z
      .record(z.string(), z.string().nullable())
      .refine((c) => Object.keys(c).length > 0, 'Nothing to change.'),
    validateOnly: z.boolean().default(false),
  })
  .meta({ id: 'AlterConfigs' })

const configs = z.object({ configs: z.array(configEntry) })

export const configEndpoints = endpointTable({
  'GET /api/clusters/{cluster}/topics/{topic}/configs': {
    tag: 'Configs',
    summary: 'Every config of a topic with its default, source and documentation',
    response: configs,
  },
  'PATCH /api/clusters/{cluster}/topics/{topic}/configs': {
    tag: 'Configs',
    summary: 'Set or reset configs of a topic',
    body: alterConfigsBody,
    response: configs,
  },
  'GET /api/clusters/{cluster}/brokers/{broker}/configs': {
    tag: 'Configs',
    summary: 'Every config of a broker',
    response: configs,
  },
  'PATCH /api/clusters/{cluster}/brokers/{broker}/configs': {
    tag: 'Configs',
    summary: 'Set or reset dynamic configs of a broker',
    body: alterConfigsBody,
    response: configs,
  },
})
