/** What runs the lines of a script: `takeOutput` gives what came of the line that ran last. */
export type LineRunner = { run(line: string): Promise<void>; takeOutput(): readonly string[] }

/** Runs each command of a script and writes what came of it below it, as `> ` lines in the place of the old ones. */
export async function annotate(text: string, runner: LineRunner): Promise<string> {
  const lines: string[] = []
  for (const line of text.split('\n')) {
    if (line.startsWith('> ')) continue
    lines.push(line)
    if (line.trim() === '' || line.startsWith('#')) continue
    await runner.run(line)
    lines.push(...runner.takeOutput().map((output) => `> ${output}`))
  }
  return lines.join('\n')
}
