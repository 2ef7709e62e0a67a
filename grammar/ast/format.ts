/**
 * A tree → its canonical text in either language.
 *
 * Meaning, comments, order and grouping are kept; spelling, spaces and line breaks are made uniform. What is written
 * is read back and compared with the tree before anyone sees it.
 */
import type { Language, RuleCatalog } from '../check/catalog.ts'
import { spell } from '../syntax/keywords.ts'
import { parse } from '../syntax/parse.ts'
import { childrenOf } from './children.ts'
import { attachComments } from './comments.ts'
import type { Attached } from './comments.ts'
import { resolvedSkeleton } from './compare.ts'
import { localise } from './localise.ts'
import type { ConditionNode, RuleAst } from './nodes.ts'
import {
  printAtLeast,
  printCondition,
  printField,
  printItem,
  printOperator,
  printParameter,
} from './print.ts'
import { join, printOperand, printText } from './print-values.ts'

/** Columns; a Chinese character takes two. */
const maxWidth = 100
const indentation = '  '

export function format(rule: RuleAst, to: Language, catalog: RuleCatalog): string {
  const text = print(localise(rule, to, catalog), to)
  const readBack = parse(text).partial
  const same =
    readBack !== undefined &&
    JSON.stringify(resolvedSkeleton(readBack, catalog)) ===
      JSON.stringify(resolvedSkeleton(rule, catalog))
  if (!same) throw new Error('broken assertion: a formatted rule reads back as the same tree')
  return text
}

function print(rule: RuleAst, to: Language): string {
  const comments = attachComments(rule)
  const lines: string[] = []
  const section = (node: object, indent: string, text: string) =>
    lines.push(...commentLines(comments, node, indent), indent + text)
  if (rule.version !== undefined) {
    section(rule.version, '', join(spell('LanguageVersion', to), rule.version.value))
  }
  if (rule.name !== undefined) {
    section(rule.name, '', join(spell('Audience', to), printText(rule.name.value)))
  }
  const margin = rule.name === undefined ? '' : indentation
  for (const field of rule.fields) section(field, margin, printField(field, to))
  for (const parameter of rule.parameters) section(parameter, '', printParameter(parameter, to))
  lines.push(...commentLines(comments, rule.head, ''))
  const head = rule.include.kind === 'everyone' ? '' : spell('CustomersWho', to)
  lines.push(...headed(head, rule.include, comments, to))
  for (const exclusion of rule.exclude) {
    lines.push(...commentLines(comments, exclusion, ''))
    const exclude = join(spell('Exclude', to), spell('CustomersWho', to))
    lines.push(...headed(exclude, exclusion.condition, comments, to))
  }
  if (rule.sample !== undefined) {
    const { percent, seed } = rule.sample
    const sample = join(spell('Sample', to), printOperand(percent, to))
    section(rule.sample, '', join(sample, spell('Seed', to), printText(seed.value)))
  }
  lines.push(...commentLines(comments, rule, ''))
  return lines.join('\n')
}

const commentLines = (comments: Attached, node: object, indent: string): string[] =>
  (comments.get(node) ?? []).map(({ text }) => indent + join('//', text))

function headed(head: string, node: ConditionNode, comments: Attached, to: Language): string[] {
  const line = join(head, printCondition(node, to))
  if (width(line) <= maxWidth && !hasComments(node, comments)) return [line]
  return [head, ...block(node, indentation, '', comments, to, true)]
}

/** The condition on one line when it fits and no comment stands inside, else one clause per line. */
function block(
  node: ConditionNode,
  indent: string,
  prefix: string,
  comments: Attached,
  to: Language,
  broken = false,
): string[] {
  const before = commentLines(comments, node, indent)
  const line = indent + prefix + printCondition(node, to)
  const fits = width(line) <= maxWidth && !hasInnerComments(node, comments)
  const isLogic = node.kind === 'and' || node.kind === 'or'
  if (fits && !(broken && isLogic)) return [...before, line]
  if (isLogic) {
    const operator = `${printOperator(node.kind, to)} `
    const items = node.items.flatMap((item, index) =>
      logicItem(item, indent, index === 0 ? prefix : operator, comments, to),
    )
    return [...before, ...items]
  }
  if (node.kind === 'group' || node.kind === 'not') {
    const open = node.kind === 'not' ? `${spell('Not', to)} (` : '('
    return [...before, ...enclosed(prefix + open, node.item, indent, comments, to)]
  }
  if (node.kind !== 'at-least') return [...before, line]
  const open = `${indent}${prefix}${printAtLeast(node.count, to)} (`
  return [...before, open, ...listed(node.items, indent, comments, to), `${indent})`]
}

/** The items of "at least n of", each but the last with its semicolon. */
const listed = (
  items: readonly ConditionNode[],
  indent: string,
  comments: Attached,
  to: Language,
): string[] =>
  items.flatMap((item, index) => {
    const lines = block(item, indent + indentation, '', comments, to)
    const last = lines.pop() ?? ''
    return [...lines, index < items.length - 1 ? `${last};` : last]
  })

function logicItem(
  item: ConditionNode,
  indent: string,
  prefix: string,
  comments: Attached,
  to: Language,
): string[] {
  if (item.kind !== 'and' && item.kind !== 'or') return block(item, indent, prefix, comments, to)
  const line = indent + prefix + printItem(item, to)
  return width(line) <= maxWidth && !hasComments(item, comments)
    ? [line]
    : enclosed(`${prefix}(`, item, indent, comments, to)
}

const enclosed = (
  open: string,
  item: ConditionNode,
  indent: string,
  comments: Attached,
  to: Language,
): string[] => [
  indent + open,
  ...block(item, indent + indentation, '', comments, to, true),
  `${indent})`,
]

const hasComments = (node: ConditionNode, comments: Attached): boolean =>
  comments.has(node) || hasInnerComments(node, comments)

const hasInnerComments = (node: ConditionNode, comments: Attached): boolean =>
  comments.size > 0 && childrenOf(node).some((child) => hasComments(child, comments))

function width(line: string): number {
  let columns = 0
  for (const letter of line) columns += /[\u1100-\u115f\u2e80-\uffe6]/.test(letter) ? 2 : 1
  return columns
}
