import type { ReactNode } from 'react'

/** Millrace's mark: lanes with records in them, one just arriving. */
export function Mark({ size = 20 }: { size?: number }): ReactNode {
  return (
    <svg aria-hidden width={size} height={size} viewBox="0 0 20 20" className="shrink-0">
      <path d="M0 3.500h20M0 10h20M0 16.500h20" stroke="var(--line-strong)" />
      <g fill="var(--flow-bright)">
        <rect x="1" y="1" width="5" height="5" rx="1" />
        <rect x="7.500" y="1" width="5" height="5" rx="1" />
        <rect x="1" y="7.500" width="5" height="5" rx="1" />
        <rect x="7.500" y="7.500" width="5" height="5" rx="1" />
        <rect x="1" y="14" width="5" height="5" rx="1" />
      </g>
      <rect x="14" y="7.500" width="5" height="5" rx="1" fill="var(--warm-mark)" />
    </svg>
  )
}
