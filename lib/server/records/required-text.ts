import type { ASTNode } from '@marcbachmann/cel-js'

/** Characters that JSON, MessagePack, CBOR and plain text all write as they are. */
const plain = /^[A-Za-z0-9 _.:-]{2,}$/

/**
 * Texts that every record must hold to match: literals that a conjunction compares with `==`, or looks for with
 * `contains`, `startsWith` or `endsWith`. Looking for them in the raw bytes spares decoding most records.
 */
export function requiredText(node: ASTNode): string[] {
  switch (node.op) {
    case '&&':
      return node.args.flatMap(requiredText)
    case '==':
      return node.args.flatMap(literalText)
    case 'rcall': {
      const [name, , operands] = node.args
      return name === 'contains' || name === 'startsWith' || name === 'endsWith'
        ? operands.flatMap(literalText)
        : []
    }
    default:
      return []
  }
}

function literalText(node: ASTNode): string[] {
  return node.op === 'value' && typeof node.args === 'string' && plain.test(node.args) ? [node.args] : []
}
