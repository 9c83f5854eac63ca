import type { Metadata, Viewport } from 'next'
import type { ReactNode } from 'react'
import { preload } from 'react-dom'
import { Shell } from '../components/shell/shell.tsx'
import './globals.css'
import { Providers } from './providers.tsx'

export const metadata: Metadata = {
  title: { default: 'Millrace', template: '%s · Millrace' },
  description: 'A Kafka broker and its live dashboard',
  icons: { icon: '/icon.svg' },
}

export const viewport: Viewport = {
  width: 'device-width',
  initialScale: 1,
  themeColor: [
    { media: '(prefers-color-scheme: light)', color: '#eff5f6' },
    { media: '(prefers-color-scheme: dark)', color: '#061115' },
  ],
}

// State lives in the URL's query, which a page rendered at build time cannot know.
export const dynamic = 'force-dynamic'

export default function RootLayout({ children }: { children: ReactNode }): ReactNode {
  // No page is drawn before it is known of which cluster: asked for beside the scripts, not after them.
  preload('/api/clusters', { as: 'fetch', crossOrigin: 'anonymous' })
  return (
    <html lang="en" suppressHydrationWarning>
      <body>
        <Providers>
          <Shell>{children}</Shell>
        </Providers>
      </body>
    </html>
  )
}
