'use client'

import { type ReactNode, useState } from 'react'
import { Badge, type BadgeTone } from '../ui/badge.tsx'
import { CodeSnippet } from '../ui/code-snippet.tsx'
import { Table, Td, Th, Tr } from '../ui/table.tsx'
import { type Endpoint, type Parameter, referencesIn, type Schema, schemaOf, schemaText } from './openapi.ts'

const tones: Record<string, BadgeTone> = { GET: 'flow', DELETE: 'loss' }

function Parameters({ parameters }: { parameters: readonly Parameter[] }): ReactNode {
  return (
    <Table label="Parameters">
      <thead>
        <tr>
          <Th>Parameter</Th>
          <Th>In</Th>
          <Th>Type</Th>
          <Th>Default</Th>
        </tr>
      </thead>
      <tbody>
        {parameters.map((parameter) => (
          <Tr key={`${parameter.in} ${parameter.name}`}>
            <Td className="font-mono text-xs font-medium">
              {parameter.name}
              {parameter.required && <span className="text-faint"> required</span>}
            </Td>
            <Td className="text-muted">{parameter.in}</Td>
            <Td className="font-mono text-xs">{schemaText(parameter.schema)}</Td>
            <Td className="font-mono text-xs text-muted">
              {parameter.schema?.default === undefined ? '' : JSON.stringify(parameter.schema.default)}
            </Td>
          </Tr>
        ))}
      </tbody>
    </Table>
  )
}

/** A schema and, under it, the named ones that it speaks of. */
function SchemaBlock({
  title,
  schema,
  schemas,
}: {
  title: string
  schema: Schema
  schemas: Record<string, Schema>
}): ReactNode {
  const own = schema.$ref ? schemas[schema.$ref.split('/').at(-1) ?? ''] : schema
  const text = schemaText(own)
  const referred = referencesIn(text, schemas).map((name) => `${name} = ${schemaText(schemas[name])}`)
  return (
    <div className="flex min-w-0 flex-col gap-1">
      <h4 className="eyebrow">{title}</h4>
      <CodeSnippet label={title} code={[text, ...referred].join('\n\n')} />
    </div>
  )
}

/** One endpoint: closed, its line; open, its parameters, body and answer. */
export function EndpointView({
  endpoint,
  schemas,
}: {
  endpoint: Endpoint
  schemas: Record<string, Schema>
}): ReactNode {
  const [open, setOpen] = useState(false)
  const { method, path, operation } = endpoint
  const body = schemaOf(operation.requestBody?.content)
  const answer = schemaOf(operation.responses?.['200']?.content)
  return (
    <details
      className="border-t border-line first:border-t-0"
      onToggle={(event) => setOpen(event.currentTarget.open)}
    >
      <summary className="flex flex-wrap items-center gap-x-3 gap-y-0.5 px-4 py-2 hover:bg-hover">
        <span className="w-14 shrink-0">
          <Badge tone={tones[method] ?? 'warm'}>{method}</Badge>
        </span>
        <code className="text-xs font-medium break-all">{path}</code>
        <span className="text-sm text-muted">{operation.summary}</span>
      </summary>
      {open && (
        <div className="flex flex-col gap-4 border-t border-line px-4 py-4">
          {operation.description && <p className="text-sm text-muted">{operation.description}</p>}
          {operation.parameters && operation.parameters.length > 0 && (
            <Parameters parameters={operation.parameters} />
          )}
          {body && <SchemaBlock title="Body" schema={body} schemas={schemas} />}
          {answer && <SchemaBlock title="Answer" schema={answer} schemas={schemas} />}
        </div>
      )}
    </details>
  )
}
