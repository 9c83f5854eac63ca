import type { ReactNode } from 'react'
import { formatRate } from '../format/count.ts'

/** How often something happens, faint where nothing does. */
export function FlowRate({ perSecond }: { perSecond: number | null | undefined }): ReactNode {
  return <span className={(perSecond ?? 0) > 0 ? 'text-flow' : 'text-faint'}>{formatRate(perSecond)}/s</span>
}
