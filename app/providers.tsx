'use client'

import { QueryClient, QueryClientProvider } from '@tanstack/react-query'
import { ThemeProvider } from 'next-themes'
import { NuqsAdapter } from 'nuqs/adapters/next/app'
import { type ReactNode, useState } from 'react'
import { CallError } from '../lib/contract/call.ts'
import { LiveProvider } from '../lib/live/provider.tsx'

function newQueryClient(): QueryClient {
  return new QueryClient({
    defaultOptions: {
      queries: {
        staleTime: 5000,
        refetchOnWindowFocus: false,
        retry: (failures, error) => failures < 2 && error instanceof CallError && error.retriable,
        retryDelay: 400,
      },
    },
  })
}

/** What every page stands on: theme, state in the URL, query cache, live connection. */
export function Providers({ children }: { children: ReactNode }): ReactNode {
  const [client] = useState(newQueryClient)
  return (
    <ThemeProvider attribute="data-theme" defaultTheme="system" enableSystem disableTransitionOnChange>
      <NuqsAdapter>
        <QueryClientProvider client={client}>
          <LiveProvider>{children}</LiveProvider>
        </QueryClientProvider>
      </NuqsAdapter>
    </ThemeProvider>
  )
}
