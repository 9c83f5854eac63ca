import { z } from 'zod'
import type { Endpoint } from '../../contract/endpoint.ts'
import { endpoints } from '../../contract/endpoints.ts'
import { apiError } from '../../contract/error.ts'
import { version } from '../version.ts'

type Json = Record<string, unknown>

/** The contract as an OpenAPI 3.1 document, made from the same table that the router serves. */
export function openApiDocument(): Json {
  const components: Json = {}
  const paths: Record<string, Json> = {}
  for (const [key, endpoint] of Object.entries(endpoints) as [string, Endpoint][]) {
    const [method, path] = key.split(' ') as [string, string]
    paths[path] ??= {}
    paths[path][method.toLowerCase()] = operation(path, endpoint, components)
  }
  schemaOf(apiError, 'output', components)
  return {
    openapi: '3.1.0',
    info: {
      title: 'Millrace',
      version,
      description:
        'REST interface of the dashboard. Live figures, search and tail go over the WebSocket at /ws.',
    },
    paths,
    components: { schemas: components },
  }
}

function operation(path: string, endpoint: Endpoint, components: Json): Json {
  const pathParameters = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => ({
    name,
    in: 'path',
    required: true,
    schema: { type: 'string' },
  }))
  const types = endpoint.streams ?? ['application/json']
  const schema = endpoint.streams ? { type: 'string' } : schemaOf(endpoint.response, 'output', components)
  return {
    tags: [endpoint.tag],
    summary: endpoint.summary,
    ...(endpoint.description === undefined ? {} : { description: endpoint.description }),
    parameters: [...pathParameters, ...queryParameters(endpoint.query, components)],
    ...(endpoint.body === undefined
      ? {}
      : {
          requestBody: {
            required: true,
            content: { 'application/json': { schema: schemaOf(endpoint.body, 'input', components) } },
          },
        }),
    responses: {
      200: { description: 'OK', content: Object.fromEntries(types.map((type) => [type, { schema }])) },
      default: {
        description: 'Not done; `error.message` says why',
        content: { 'application/json': { schema: { $ref: '#/components/schemas/ApiError' } } },
      },
    },
  }
}

function queryParameters(query: z.ZodType | undefined, components: Json): Json[] {
  if (query === undefined) return []
  const schema = schemaOf(query, 'input', components)
  const required = new Set((schema.required as string[] | undefined) ?? [])
  return Object.entries((schema.properties as Json | undefined) ?? {}).map(([name, property]) => ({
    name,
    in: 'query',
    required: required.has(name),
    schema: property,
  }))
}

/** JSON Schema of a zod schema; those with an id become components and are referred to. */
function schemaOf(schema: z.ZodType, io: 'input' | 'output', components: Json): Json {
  const {
    $defs = {},
    $schema: _,
    ...own
  } = z.toJSONSchema(schema, { io, unrepresentable: 'any' }) as Json & {
    $defs?: Json
  }
  for (const [name, definition] of Object.entries($defs)) components[name] ??= refer(definition)
  const id = own.id
  if (typeof id !== 'string') return refer(own) as Json
  components[id] ??= refer(own)
  return { $ref: `#/components/schemas/${id}` }
}

/** Local definitions move to the components of the document. */
function refer(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(refer)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) =>
      key === '$ref' && typeof inner === 'string'
        ? [key, inner.replace('#/$defs/', '#/components/schemas/')]
        : [key, refer(inner)],
    ),
  )
}
