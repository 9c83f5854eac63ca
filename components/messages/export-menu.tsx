'use client'

import { Download } from 'lucide-react'
import type { ReactNode } from 'react'
import { urlOf } from '../../lib/contract/call.ts'
import { Button } from '../ui/button.tsx'
import { Menu, MenuItem } from '../ui/menu.tsx'
import { browseQueryOf, type MessagesView } from './messages-view.ts'

/** Downloads what the position and filter of the page select, streamed, up to 100,000 records. */
export function ExportMenu({
  cluster,
  topic,
  view,
}: {
  cluster: string
  topic: string
  view: MessagesView
}): ReactNode {
  function download(format: 'json' | 'csv'): void {
    const { limit: _, raw: __, cursor: ___, ...query } = browseQueryOf(view)
    const filter = view.filter.trim() === '' ? {} : { filter: `${view.filterKind}:${view.filter.trim()}` }
    const url = urlOf('GET /api/clusters/{cluster}/topics/{topic}/export', {
      params: { cluster, topic },
      query: { ...query, ...filter, format },
    })
    const link = document.createElement('a')
    link.href = url
    link.download = `${topic}.${format}`
    link.click()
  }
  return (
    <Menu
      trigger={
        <Button>
          <Download aria-hidden className="size-3.5" />
          <span className="max-md:sr-only">Export</span>
        </Button>
      }
    >
      <MenuItem onSelect={() => download('json')}>As JSON</MenuItem>
      <MenuItem onSelect={() => download('csv')}>As CSV</MenuItem>
    </Menu>
  )
}
