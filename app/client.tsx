'use client'

import type { ReactNode } from 'react'
import { PageBody, PageHead } from '../components/ui/panel.tsx'

export function OverviewClient(): ReactNode {
  return (
    <PageBody>
      <PageHead title="Overview" />
    </PageBody>
  )
}
