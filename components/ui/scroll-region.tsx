import type { ComponentProps, ReactNode } from 'react'

/** An area that scrolls by itself. It takes the focus, for without a pointer there is no other way to scroll it. */
export function ScrollRegion({ label, ...rest }: ComponentProps<'section'> & { label: string }): ReactNode {
  // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard
  return <section aria-label={label} tabIndex={0} {...rest} />
}
