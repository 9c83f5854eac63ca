import type { ReactNode } from 'react'

/** Beyond this many characters text is shown plain: colouring a megabyte would hold up the page. */
const colouredLength = 60_000

const token = /("(?:[^"\\]|\\.)*")(\s*:)?|\b(true|false|null)\b|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/g

/** Indents JSON; text that is not JSON after all comes back as it is. */
export function indentJson(text: string): string {
  try {
    return JSON.stringify(JSON.parse(text), null, 2)
  } catch {
    return text
  }
}

function classOf(isString: boolean, isKey: boolean, isWord: boolean): string {
  if (isKey) return 'text-flow'
  if (isString) return 'text-text'
  return isWord ? 'text-faint' : 'text-warm'
}

/** JSON with its names, strings, numbers and words told apart. */
export function JsonText({ text }: { text: string }): ReactNode {
  if (text.length > colouredLength) return text
  const parts: ReactNode[] = []
  let end = 0
  for (const match of text.matchAll(token)) {
    if (match.index > end) parts.push(text.slice(end, match.index))
    const [whole, string, colon, word] = match
    parts.push(
      <span
        key={match.index}
        className={classOf(string !== undefined, colon !== undefined, word !== undefined)}
      >
        {string ?? whole}
      </span>,
    )
    if (colon !== undefined) parts.push(colon)
    end = match.index + whole.length
  }
  parts.push(text.slice(end))
  return parts
}
