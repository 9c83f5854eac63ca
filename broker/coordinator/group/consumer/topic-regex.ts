import { type CharTest, isWord, parseRegex, type RegexNode, RegexSyntaxError } from './regex-parser.ts'

type Instruction =
  | { readonly op: 'char'; readonly test: CharTest }
  | { readonly op: 'assert'; readonly at: 'start' | 'end' | 'word' | 'notWord' }
  | { op: 'split'; left: number; right: number }
  | { readonly op: 'match' }

/** Counted repetition is written out, so a short pattern can ask for a big program: this bounds it. */
const maxInstructions = 20_000

/**
 * A pattern in RE2's syntax that whole topic names are matched with, in time linear in the name whatever the
 * pattern: all ways through it are followed side by side, and none is ever taken back (Thompson's construction).
 */
export class TopicRegex {
  readonly #program: Instruction[] = []

  /** Throws RegexSyntaxError. */
  constructor(pattern: string) {
    this.#compile(parseRegex(pattern))
    this.#add({ op: 'match' })
  }

  matches(topic: string): boolean {
    const codes = [...topic].map((char) => char.codePointAt(0)!)
    let current = this.#follow([0], codes, 0)
    for (let at = 0; at < codes.length; at++) {
      const next: number[] = []
      for (const index of current) {
        const instruction = this.#program[index]!
        if (instruction.op === 'char' && instruction.test(codes[at]!)) next.push(index + 1)
      }
      if (next.length === 0) return false
      current = this.#follow(next, codes, at + 1)
    }
    return current.has(this.#program.length - 1)
  }

  /** All instructions that can be reached without taking a character. */
  #follow(from: readonly number[], codes: readonly number[], at: number): Set<number> {
    const reached = new Set<number>()
    const stack = [...from]
    while (stack.length > 0) {
      const index = stack.pop()!
      if (reached.has(index)) continue
      reached.add(index)
      const instruction = this.#program[index]!
      if (instruction.op === 'split') stack.push(instruction.left, instruction.right)
      else if (instruction.op === 'assert' && holds(instruction.at, codes, at)) stack.push(index + 1)
    }
    return reached
  }

  #add(instruction: Instruction): number {
    if (this.#program.length >= maxInstructions) throw new RegexSyntaxError('expression too large')
    return this.#program.push(instruction) - 1
  }

  #compile(node: RegexNode): void {
    switch (node.kind) {
      case 'char':
        this.#add({ op: 'char', test: node.test })
        return
      case 'assert':
        this.#add({ op: 'assert', at: node.at })
        return
      case 'concat':
        for (const part of node.nodes) this.#compile(part)
        return
      case 'alternate':
        this.#compileAlternate(node.nodes)
        return
      case 'repeat':
        this.#compileRepeat(node.node, node.min, node.max)
    }
  }

  #compileAlternate(nodes: readonly RegexNode[]): void {
    const ends: number[] = []
    for (const [index, node] of nodes.entries()) {
      if (index === nodes.length - 1) {
        this.#compile(node)
        break
      }
      const split = this.#add({ op: 'split', left: this.#program.length + 1, right: 0 })
      this.#compile(node)
      ends.push(this.#add({ op: 'split', left: 0, right: 0 }))
      this.#patch(split, { right: this.#program.length })
    }
    for (const end of ends) this.#patch(end, { left: this.#program.length, right: this.#program.length })
  }

  #compileRepeat(node: RegexNode, min: number, max: number): void {
    for (let count = 0; count < min; count++) this.#compile(node)
    if (max === Number.POSITIVE_INFINITY) {
      const split = this.#add({ op: 'split', left: this.#program.length + 1, right: 0 })
      this.#compile(node)
      this.#add({ op: 'split', left: split, right: split })
      this.#patch(split, { right: this.#program.length })
      return
    }
    const splits: number[] = []
    for (let count = min; count < max; count++) {
      splits.push(this.#add({ op: 'split', left: this.#program.length + 1, right: 0 }))
      this.#compile(node)
    }
    for (const split of splits) this.#patch(split, { right: this.#program.length })
  }

  #patch(index: number, targets: { left?: number; right?: number }): void {
    const instruction = this.#program[index]!
    if (instruction.op === 'split') Object.assign(instruction, targets)
  }
}

function holds(
  at: 'start' | 'end' | 'word' | 'notWord',
  codes: readonly number[],
  position: number,
): boolean {
  if (at === 'start') return position === 0
  if (at === 'end') return position === codes.length
  const before = position > 0 && isWord(codes[position - 1]!)
  const after = position < codes.length && isWord(codes[position]!)
  return (before !== after) === (at === 'word')
}
