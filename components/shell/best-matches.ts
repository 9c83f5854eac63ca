import { wordFilter, wordsOf } from '../ui/word-filter.ts'

/** Names that hold all the words typed; those that begin with the first one come first, then the shorter. */
export function bestMatches(names: readonly string[], typed: string, limit: number): string[] {
  const [first = ''] = wordsOf(typed)
  return names
    .filter(wordFilter(typed))
    .map((name) => ({ name, rank: (name.toLowerCase().startsWith(first) ? 0 : 1000) + name.length }))
    .sort((a, b) => a.rank - b.rank || a.name.localeCompare(b.name))
    .slice(0, limit)
    .map((match) => match.name)
}
