import type { ReactNode } from 'react'
import { OverviewClient } from './client.tsx'

export default function OverviewPage(): ReactNode {
  return <OverviewClient />
}
