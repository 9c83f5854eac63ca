/** A set of characters, as a test on one. */
export type CharTest = (code: number) => boolean

export type RegexNode =
  | { readonly kind: 'char'; readonly test: CharTest }
  | { readonly kind: 'assert'; readonly at: 'start' | 'end' | 'word' | 'notWord' }
  | { readonly kind: 'concat'; readonly nodes: readonly RegexNode[] }
  | { readonly kind: 'alternate'; readonly nodes: readonly RegexNode[] }
  | { readonly kind: 'repeat'; readonly node: RegexNode; readonly min: number; readonly max: number }

/** A pattern that RE2 would not take (or that is beyond our limits); the message says why. */
export class RegexSyntaxError extends Error {
  override name = 'RegexSyntaxError'
}

/** RE2's own limit on counted repetition. */
const maxRepeat = 1000
const maxPatternLength = 4096
const maxDepth = 200

const isDigit: CharTest = (code) => code >= 48 && code <= 57
export const isWord: CharTest = (code) =>
  isDigit(code) || (code >= 65 && code <= 90) || (code >= 97 && code <= 122) || code === 95
const isSpace: CharTest = (code) => code === 32 || (code >= 9 && code <= 13 && code !== 11)
const not =
  (test: CharTest): CharTest =>
  (code) =>
    !test(code)
const between =
  (first: number, last: number): CharTest =>
  (code) =>
    code >= first && code <= last

const classEscapes: Readonly<Record<string, CharTest>> = {
  d: isDigit,
  D: not(isDigit),
  w: isWord,
  W: not(isWord),
  s: isSpace,
  S: not(isSpace),
}
const charEscapes: Readonly<Record<string, string>> = {
  n: '\n',
  r: '\r',
  t: '\t',
  f: '\f',
  v: '\v',
  a: '\x07',
}
const posixClasses: Readonly<Record<string, string>> = {
  alnum: '0-9A-Za-z',
  alpha: 'A-Za-z',
  digit: '0-9',
  lower: 'a-z',
  upper: 'A-Z',
  word: '0-9A-Za-z_',
  xdigit: '0-9A-Fa-f',
  punct: '!-/:-@[-`{-~',
  space: '\t-\r ',
}

/**
 * Parses RE2's syntax: no look-around and no back references, because they cannot be matched in linear time.
 * Throws RegexSyntaxError.
 */
export function parseRegex(pattern: string): RegexNode {
  if (pattern.length > maxPatternLength)
    throw new RegexSyntaxError(`longer than ${maxPatternLength} characters`)
  return new Parser(pattern).parse()
}

class Parser {
  readonly #pattern: string
  #at = 0
  #depth = 0
  #ignoreCase = false

  constructor(pattern: string) {
    this.#pattern = pattern
  }

  parse(): RegexNode {
    const node = this.#alternation()
    if (this.#at < this.#pattern.length) throw this.#error('unexpected )')
    return node
  }

  #error(message: string): RegexSyntaxError {
    return new RegexSyntaxError(`${message} at position ${this.#at}`)
  }

  #peek(): string {
    return this.#pattern[this.#at] ?? ''
  }

  #take(text: string): boolean {
    if (!this.#pattern.startsWith(text, this.#at)) return false
    this.#at += text.length
    return true
  }

  #alternation(): RegexNode {
    if (++this.#depth > maxDepth) throw this.#error('nested too deeply')
    const ignoreCase = this.#ignoreCase
    const nodes = [this.#concatenation()]
    while (this.#take('|')) nodes.push(this.#concatenation())
    this.#ignoreCase = ignoreCase
    this.#depth--
    return nodes.length === 1 ? nodes[0]! : { kind: 'alternate', nodes }
  }

  #concatenation(): RegexNode {
    const nodes: RegexNode[] = []
    while (this.#at < this.#pattern.length && this.#peek() !== '|' && this.#peek() !== ')') {
      const node = this.#atom()
      if (node) nodes.push(this.#quantified(node))
    }
    return { kind: 'concat', nodes }
  }

  #quantified(atom: RegexNode): RegexNode {
    let node = atom
    for (let count = 0; ; count++) {
      const bounds = this.#bounds()
      if (!bounds) return node
      if (count > 0) throw this.#error('bad repetition operator')
      this.#take('?')
      node = { kind: 'repeat', node, min: bounds[0], max: bounds[1] }
    }
  }

  #bounds(): [number, number] | undefined {
    if (this.#take('*')) return [0, Number.POSITIVE_INFINITY]
    if (this.#take('+')) return [1, Number.POSITIVE_INFINITY]
    if (this.#take('?')) return [0, 1]
    const counted = /^\{(\d{1,6})(,(\d{0,6}))?\}/.exec(this.#pattern.slice(this.#at, this.#at + 20))
    if (!counted) return undefined
    const min = Number(counted[1])
    const open = counted[2] !== undefined && counted[3] === ''
    const max = open ? Number.POSITIVE_INFINITY : counted[2] === undefined ? min : Number(counted[3])
    if (max < min || min > maxRepeat || (!open && max > maxRepeat)) throw this.#error('bad repetition count')
    this.#at += counted[0].length
    return [min, max]
  }

  #atom(): RegexNode | undefined {
    const char = String.fromCodePoint(this.#pattern.codePointAt(this.#at)!)
    switch (char) {
      case '(':
        return this.#group()
      case '[':
        return this.#bracket()
      case '\\':
        return this.#escape()
      case '*':
      case '+':
      case '?':
        throw this.#error('missing argument to repetition operator')
    }
    this.#at += char.length
    if (char === '.') return { kind: 'char', test: (code) => code !== 10 }
    if (char === '^') return { kind: 'assert', at: 'start' }
    if (char === '$') return { kind: 'assert', at: 'end' }
    return this.#literal(char)
  }

  #literal(char: string): RegexNode {
    return { kind: 'char', test: this.#folded(between(char.codePointAt(0)!, char.codePointAt(0)!)) }
  }

  #folded(test: CharTest): CharTest {
    if (!this.#ignoreCase) return test
    return (code) => {
      const char = String.fromCodePoint(code)
      return (
        test(code) || test(char.toLowerCase().codePointAt(0)!) || test(char.toUpperCase().codePointAt(0)!)
      )
    }
  }

  #group(): RegexNode | undefined {
    this.#at++
    if (this.#take('?')) {
      const named = /^P?<[A-Za-z_]\w{0,99}>/.exec(this.#pattern.slice(this.#at, this.#at + 110))
      if (named) this.#at += named[0].length
      else {
        const flags = /^([imsU]*)(-[imsU]+)?([:)])/.exec(this.#pattern.slice(this.#at, this.#at + 20))
        if (!flags) throw this.#error('look-around and other Perl groups are not supported')
        this.#at += flags[0].length
        const ignoreCase = flags[2]?.includes('i') ? false : flags[1]!.includes('i') || this.#ignoreCase
        if (flags[3] === ')') {
          this.#ignoreCase = ignoreCase
          return undefined
        }
        return this.#groupBody(ignoreCase)
      }
    }
    return this.#groupBody(this.#ignoreCase)
  }

  #groupBody(ignoreCase: boolean): RegexNode {
    const outer = this.#ignoreCase
    this.#ignoreCase = ignoreCase
    const node = this.#alternation()
    this.#ignoreCase = outer
    if (!this.#take(')')) throw this.#error('missing )')
    return node
  }

  #escape(): RegexNode {
    if (this.#take('\\A')) return { kind: 'assert', at: 'start' }
    if (this.#take('\\z')) return { kind: 'assert', at: 'end' }
    if (this.#take('\\b')) return { kind: 'assert', at: 'word' }
    if (this.#take('\\B')) return { kind: 'assert', at: 'notWord' }
    if (this.#take('\\Q')) return this.#quoted()
    const escaped = this.#escapedChar()
    if (typeof escaped === 'string') return this.#literal(escaped)
    return { kind: 'char', test: this.#folded(escaped) }
  }

  #quoted(): RegexNode {
    const end = this.#pattern.indexOf('\\E', this.#at)
    const text = this.#pattern.slice(this.#at, end < 0 ? undefined : end)
    this.#at = end < 0 ? this.#pattern.length : end + 2
    return { kind: 'concat', nodes: [...text].map((char) => this.#literal(char)) }
  }

  /** After a backslash: a class, or the one character that is meant. */
  #escapedChar(): CharTest | string {
    this.#at++
    const char = this.#peek()
    this.#at++
    const test = classEscapes[char]
    if (test) return test
    const plain = charEscapes[char]
    if (plain !== undefined) return plain
    if (char === 'p' || char === 'P') return this.#unicodeClass(char === 'P')
    if (char === 'x') return this.#hex()
    if (char === '' || /[A-Za-z0-9]/.test(char)) throw this.#error(`bad escape \\${char}`)
    return char
  }

  #hex(): string {
    const hex = /^(?:([0-9A-Fa-f]{2})|\{([0-9A-Fa-f]{1,6})\})/.exec(
      this.#pattern.slice(this.#at, this.#at + 9),
    )
    const code = hex ? Number.parseInt(hex[1] ?? hex[2]!, 16) : Number.NaN
    if (!hex || code > 0x10ffff) throw this.#error('bad escape \\x')
    this.#at += hex[0].length
    return String.fromCodePoint(code)
  }

  #unicodeClass(negated: boolean): CharTest {
    const named = /^(?:([A-Z])|\{(\^?)([A-Za-z_]{1,40})\})/.exec(this.#pattern.slice(this.#at, this.#at + 45))
    if (!named) throw this.#error('bad character class')
    this.#at += named[0].length
    const name = named[1] ?? named[3]!
    const regex = unicodeRegex(name) ?? unicodeRegex(`Script=${name}`)
    if (!regex) throw this.#error(`unknown character class ${name}`)
    const isNegated = negated !== (named[2] === '^')
    return (code) => regex.test(String.fromCodePoint(code)) !== isNegated
  }

  #bracket(): RegexNode {
    this.#at++
    const negated = this.#take('^')
    const tests: CharTest[] = []
    for (let isFirst = true; isFirst || this.#peek() !== ']'; isFirst = false) {
      if (this.#at >= this.#pattern.length) throw this.#error('missing ]')
      tests.push(this.#bracketItem())
    }
    this.#at++
    const any = this.#folded((code) => tests.some((test) => test(code)))
    return { kind: 'char', test: negated ? not(any) : any }
  }

  #bracketItem(): CharTest {
    const posix = /^\[:(\^?)([a-z]{1,10}):\]/.exec(this.#pattern.slice(this.#at, this.#at + 16))
    if (posix) {
      const body = posixClasses[posix[2]!]
      if (body === undefined) throw this.#error(`unknown character class ${posix[0]}`)
      this.#at += posix[0].length
      const regex = new RegExp(`^[${body.replace('[-`', '\\[-`')}]$`)
      return (code) => regex.test(String.fromCodePoint(code)) !== (posix[1] === '^')
    }
    const first = this.#bracketChar()
    if (typeof first !== 'string') return first
    const isRange =
      this.#peek() === '-' && this.#pattern[this.#at + 1] !== ']' && this.#at + 1 < this.#pattern.length
    if (!isRange) return between(first.codePointAt(0)!, first.codePointAt(0)!)
    this.#at++
    const last = this.#bracketChar()
    if (typeof last !== 'string' || last < first) throw this.#error('bad character class range')
    return between(first.codePointAt(0)!, last.codePointAt(0)!)
  }

  #bracketChar(): CharTest | string {
    if (this.#peek() === '\\') return this.#escapedChar()
    const char = String.fromCodePoint(this.#pattern.codePointAt(this.#at) ?? 0)
    this.#at += char.length
    return char
  }
}

function unicodeRegex(property: string): RegExp | undefined {
  try {
    return new RegExp(`^\\p{${property}}$`, 'u')
  } catch {
    return undefined
  }
}
