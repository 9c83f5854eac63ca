/** The words of a filter as typed, in lower case. */
export function wordsOf(filter: string): string[] {
  return filter.toLowerCase().split(/\s+/).filter(Boolean)
}

/** Whether a text holds all words of `filter`, in any order and case. An empty filter takes all. */
export function wordFilter(filter: string): (text: string) => boolean {
  const words = wordsOf(filter)
  return (text) => {
    const lower = text.toLowerCase()
    return words.every((word) => lower.includes(word))
  }
}
