/** Every comment belongs to the first clause that begins after it, or to the rule when none does. */
import type { Span } from '../source/span.ts'
import { childrenOf } from './children.ts'
import type { CommentNode, ConditionNode, RuleAst } from './nodes.ts'

/** Keyed by the node itself; by `head` for the words "customers who". */
export type Attached = ReadonlyMap<object, readonly CommentNode[]>

interface Anchor {
  readonly node: object
  readonly start: number
}

export function attachComments(rule: RuleAst): Attached {
  const attached = new Map<object, CommentNode[]>()
  if (rule.comments.length === 0) return attached
  const anchors = anchorsOf(rule)
  for (const comment of rule.comments) {
    const node = firstAfter(anchors, comment.span) ?? rule
    attached.set(node, [...(attached.get(node) ?? []), comment])
  }
  return attached
}

/** Of two that begin together the outer one, which is listed first. */
function firstAfter(anchors: readonly Anchor[], { start }: Span): object | undefined {
  let best: Anchor | undefined
  for (const anchor of anchors) {
    if (anchor.start >= start && (best === undefined || anchor.start < best.start)) best = anchor
  }
  return best?.node
}

function anchorsOf(rule: RuleAst): Anchor[] {
  const anchors: Anchor[] = []
  const add = (node: { readonly span: Span }) => anchors.push({ node, start: node.span.start })
  if (rule.version !== undefined) add(rule.version)
  if (rule.name !== undefined) add(rule.name)
  for (const node of [...rule.fields, ...rule.parameters]) add(node)
  anchors.push({ node: rule.head, start: rule.head.start })
  addConditions(rule.include, add)
  for (const exclusion of rule.exclude) {
    add(exclusion)
    addConditions(exclusion.condition, add)
  }
  if (rule.sample !== undefined) add(rule.sample)
  return anchors
}

function addConditions(node: ConditionNode, add: (node: ConditionNode) => void): void {
  add(node)
  for (const child of childrenOf(node)) addConditions(child, add)
}
