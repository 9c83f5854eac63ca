'use client'

import type { ReactNode } from 'react'
import { Dialog } from '../ui/dialog.tsx'
import { ConnectSnippets } from './connect-snippets.tsx'

/** How to connect one's own client, from anywhere on the overview. */
export function ConnectDialog({ cluster, onClose }: { cluster: string; onClose: () => void }): ReactNode {
  return (
    <Dialog
      title="Connect a client"
      description="It appears on the Clients page within a second."
      width="lg"
      onClose={onClose}
    >
      <ConnectSnippets cluster={cluster} />
    </Dialog>
  )
}
