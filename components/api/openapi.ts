/** The part of an OpenAPI 3.1 document that the page shows. */
export type Schema = {
  $ref?: string
  type?: string | string[]
  const?: unknown
  enum?: unknown[]
  anyOf?: Schema[]
  oneOf?: Schema[]
  allOf?: Schema[]
  items?: Schema
  prefixItems?: Schema[]
  properties?: Record<string, Schema>
  required?: string[]
  additionalProperties?: boolean | Schema
  description?: string
  default?: unknown
  format?: string
}

export type Parameter = {
  name: string
  in: string
  required?: boolean
  schema?: Schema
  description?: string
}

type Content = Record<string, { schema?: Schema }>

export type Operation = {
  tags?: string[]
  summary?: string
  description?: string
  parameters?: Parameter[]
  requestBody?: { content?: Content }
  responses?: Record<string, { description?: string; content?: Content }>
}

export type Endpoint = { method: string; path: string; operation: Operation }

const methods = ['get', 'post', 'put', 'patch', 'delete'] as const

function record(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {}
}

/** Endpoints by tag, in the document's order. */
export function endpointsByTag(document: Record<string, unknown>): [string, Endpoint[]][] {
  const byTag = new Map<string, Endpoint[]>()
  for (const [path, item] of Object.entries(record(document.paths))) {
    for (const method of methods) {
      const operation = record(item)[method] as Operation | undefined
      if (!operation) continue
      const tag = operation.tags?.[0] ?? 'Other'
      byTag.set(tag, [...(byTag.get(tag) ?? []), { method: method.toUpperCase(), path, operation }])
    }
  }
  return [...byTag]
}

/** Named schemas of the document. */
export function schemasOf(document: Record<string, unknown>): Record<string, Schema> {
  return record(record(document.components).schemas) as Record<string, Schema>
}

/** First schema of a body or response, of whatever media type. */
export function schemaOf(content: Content | undefined): Schema | undefined {
  return content === undefined ? undefined : Object.values(content)[0]?.schema
}

const pad = (depth: number) => '  '.repeat(depth)

function objectText(schema: Schema, depth: number): string {
  const entries = Object.entries(schema.properties ?? {})
  if (entries.length === 0) {
    const { additionalProperties } = schema
    return typeof additionalProperties === 'object'
      ? `{ [name]: ${schemaText(additionalProperties, depth)} }`
      : '{ [name]: any }'
  }
  const lines = entries.map(([name, field]) => {
    const optional = schema.required?.includes(name) ? '' : '?'
    const fallback = field.default === undefined ? '' : ` = ${JSON.stringify(field.default)}`
    const comment = field.description ? `  // ${field.description}` : ''
    return `${pad(depth + 1)}${name}${optional}: ${schemaText(field, depth + 1)}${fallback}${comment}`
  })
  return `{\n${lines.join('\n')}\n${pad(depth)}}`
}

/** A schema in the notation of types, as short as it can be read. References stay names. */
export function schemaText(schema: Schema | undefined, depth = 0): string {
  if (schema === undefined) return 'any'
  if (schema.$ref) return schema.$ref.split('/').at(-1) ?? 'any'
  if (schema.const !== undefined) return JSON.stringify(schema.const)
  if (schema.enum) return schema.enum.map((value) => JSON.stringify(value)).join(' | ')
  const choices = schema.anyOf ?? schema.oneOf
  if (choices) return choices.map((choice) => schemaText(choice, depth)).join(' | ')
  if (schema.allOf) return schema.allOf.map((part) => schemaText(part, depth)).join(' & ')
  if (schema.prefixItems) return `[${schema.prefixItems.map((item) => schemaText(item, depth)).join(', ')}]`
  if (schema.type === 'array') return `${wrapped(schemaText(schema.items, depth))}[]`
  if (schema.type === 'object' || schema.properties) return objectText(schema, depth)
  return [schema.type ?? 'any'].flat().join(' | ')
}

function wrapped(text: string): string {
  return text.includes(' | ') && !text.startsWith('{') ? `(${text})` : text
}

/** Names that a schema's text refers to, so that they can be shown below it. */
export function referencesIn(text: string, schemas: Record<string, Schema>): string[] {
  return Object.keys(schemas).filter((name) => new RegExp(`\\b${name}\\b`).test(text))
}
