/** A digest of what a rule means: equal for both languages and whatever the order of its conditions. */
import { sha256 } from '@noble/hashes/sha2.js'
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js'
import canonicalize from 'canonicalize'
import type { CheckedRule } from './checked-rule.ts'

/**
 * `sha256:` and 64 hexadecimal digits, over RFC 8785 JSON of include, exclude and sample, and of what the header says
 * about time. Purpose, channel and recipient belong to the use and not to the rule.
 */
export function ruleHash(rule: CheckedRule): string {
  const { timeZone, asOf } = rule.header
  const body = canonical({
    version: rule.version,
    include: rule.include,
    exclude: rule.exclude,
    sample: rule.sample,
    timeZone,
    asOf,
  })
  return `sha256:${bytesToHex(sha256(utf8ToBytes(textOf(body))))}`
}

const textOf = (value: unknown): string => canonicalize(value) ?? ''

/**
 * Where the rule stands in a text, and what the catalogue says about the things it names. The latter is left out
 * because a renamed label or a new district changes the catalogue's version, not the rule.
 */
const contextual = new Set(['span', 'type', 'codes'])

/** Lists whose order means nothing. */
const unordered = new Set(['tests', 'operands', 'tags', 'exclude'])

function canonical(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(canonical)
  if (typeof value !== 'object' || value === null) return value
  const entries = Object.entries(value).filter(
    ([key, part]) => part !== undefined && !contextual.has(key),
  )
  return flattened(
    Object.fromEntries(
      entries.map(([key, part]): [string, unknown] => {
        const inner = canonical(part)
        return [key, unordered.has(key) && Array.isArray(inner) ? sorted(inner) : inner]
      }),
    ),
  )
}

/** `a and (b and c)` is `a and b and c`. */
function flattened(node: Record<string, unknown>): Record<string, unknown> {
  const { kind, tests } = node
  if ((kind !== 'and' && kind !== 'or') || !Array.isArray(tests)) return node
  const parts: unknown[] = tests
  return { ...node, tests: sorted(parts.flatMap((part) => partsOf(part, kind))) }
}

function partsOf(part: unknown, kind: string): readonly unknown[] {
  if (typeof part !== 'object' || part === null) return [part]
  if (!('kind' in part) || part.kind !== kind || !('tests' in part)) return [part]
  const tests: unknown = part.tests
  return Array.isArray(tests) ? tests : [part]
}

const sorted = (parts: readonly unknown[]): unknown[] =>
  parts
    .map((part) => ({ part, text: textOf(part) }))
    .sort((a, b) => (a.text < b.text ? -1 : a.text > b.text ? 1 : 0))
    .map(({ part }) => part)
