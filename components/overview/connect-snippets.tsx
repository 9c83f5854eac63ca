'use client'

import { type ReactNode, useState } from 'react'
import type { ConnectSnippet } from '../../lib/contract/clusters.ts'
import { useSnippets } from '../../lib/queries/clusters.ts'
import { CodeSnippet } from '../ui/code-snippet.tsx'
import { Segmented } from '../ui/field.tsx'
import { Failure, Loading } from '../ui/states.tsx'

type Language = ConnectSnippet['language']

/** Code that connects a client in five languages, with this cluster's real address in it. */
export function ConnectSnippets({ cluster, topic }: { cluster: string; topic?: string }): ReactNode {
  const { data, error, refetch } = useSnippets(cluster, topic)
  const [language, setLanguage] = useState<Language>('node')
  if (error)
    return <Failure title="The snippets could not be loaded" error={error} onRetry={() => void refetch()} />
  if (!data) return <Loading lines={8} />
  const snippet = data.snippets.find((one) => one.language === language) ?? data.snippets[0]
  if (!snippet) return null
  return (
    <div className="flex min-w-0 flex-col gap-3">
      <Segmented
        label="Language"
        value={snippet.language}
        options={data.snippets.map((one) => ({ value: one.language, label: one.title }))}
        onChange={setLanguage}
        className="self-start max-md:w-full"
      />
      {snippet.install && <CodeSnippet code={snippet.install} label="install command" />}
      <CodeSnippet
        code={snippet.code}
        label={`${snippet.title} code`}
        className="[&_section]:max-h-80 [&_section]:overflow-y-auto"
      />
    </div>
  )
}
