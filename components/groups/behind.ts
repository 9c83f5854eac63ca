const toleratedSeconds = 5
const toleratedRecords = 1000

/** Whether a lag deserves attention: what any running consumer has between two commits does not. */
export function isBehind(lag: number | null, lagSeconds: number | null): boolean {
  if (lag === null || lag === 0) return false
  return lagSeconds === null ? lag >= toleratedRecords : lagSeconds >= toleratedSeconds
}
