/** The conditions that a condition is joined of; none for a single clause. */
import type { ConditionNode } from './nodes.ts'

export function childrenOf(node: ConditionNode): readonly ConditionNode[] {
  if (node.kind === 'and' || node.kind === 'or' || node.kind === 'at-least') return node.items
  return node.kind === 'not' || node.kind === 'group' ? [node.item] : []
}
