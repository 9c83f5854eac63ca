import { wordsOf } from '../ui/word-filter.ts'

/** Names that hold all the words typed; those that begin with the first one come first, then the shorter. */
export function bestMatches(names: readonly string[], typed: string, limit: number): string[] {
  const words = wordsOf(typed)
  const found: { name: string; rank: number }[] = []
  for (const name of names) {
    const lower = name.toLowerCase()
    if (!words.every((word) => lower.includes(word))) continue
    const at = words[0] === undefined ? 0 : lower.indexOf(words[0])
    found.push({ name, rank: Math.min(at, 1) * 1000 + name.length })
  }
  return found
    .sort((a, b) => a.rank - b.rank || a.name.localeCompare(b.name))
    .slice(0, limit)
    .map((match) => match.name)
}
