import type { ReactNode } from 'react'

/** Text whose lines break at spaces, not after a hyphen of `--group` or a name; only a word longer than a line is cut. */
export function WholeWords({ text }: { text: string }): ReactNode {
  return text.split(/( +)/).map((part, index) =>
    index % 2 === 1 ? (
      part
    ) : (
      // biome-ignore lint/suspicious/noArrayIndexKey: parts of one text, drawn anew with it
      <span key={index} className="inline-block max-w-full">
        {part}
      </span>
    ),
  )
}
