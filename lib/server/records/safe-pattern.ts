import type { ASTNode } from '@marcbachmann/cel-js'

const maxPattern = 200

/**
 * Why an expression's `matches` could run away; undefined: it cannot. JavaScript's engine backtracks where CEL's
 * (RE2) does not, so patterns must be literals without a repeated group that itself repeats or alternates
 * (`(a+)+`, `(a|aa)*`), and without back references and look-around, which RE2 has not either.
 */
export function unsafePattern(node: ASTNode): string | undefined {
  if (node.op === 'rcall' && node.args[0] === 'matches') {
    const pattern = node.args[2][0]
    if (pattern?.op !== 'value' || typeof pattern.args !== 'string')
      return 'matches() takes a literal pattern.'
    const fault = patternFault(pattern.args)
    if (fault !== undefined) return fault
  }
  return childrenOf(node.args)
    .map(unsafePattern)
    .find((fault) => fault !== undefined)
}

export function patternFault(pattern: string): string | undefined {
  if (pattern.length > maxPattern) return `A pattern has at most ${maxPattern} characters.`
  if (/\\[1-9]|\\k<|\(\?<?[=!]/.test(pattern))
    return 'Back references and look-around are not allowed in a pattern.'
  if (/\([^()]*[+*}|][^()]*\)\s*[+*{]/.test(pattern) || /\)[+*}]?\??\)\s*[+*{]/.test(pattern)) {
    return 'A repeated group must not hold another repetition or an alternative.'
  }
  return undefined
}

/** Nodes below a node, whatever the shape of its operands. */
function childrenOf(args: unknown): ASTNode[] {
  if (Array.isArray(args)) return args.flatMap(childrenOf)
  return isNode(args) ? [args] : []
}

function isNode(value: unknown): value is ASTNode {
  return typeof value === 'object' && value !== null && 'op' in value && 'args' in value
}
