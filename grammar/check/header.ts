/** The header proposes a use; it never decides one. */
import type { FieldName, FieldNode, FieldValueNode, NameNode, RuleAst } from '../ast/nodes.ts'
import { printField } from '../ast/print.ts'
import { diagnostic } from '../diagnostics/diagnostic.ts'
import type { CatalogName } from './catalog.ts'
import type { CheckedHeader } from './checked-rule.ts'
import { report, resolve } from './context.ts'
import type { Context } from './context.ts'
import { legalBases } from './legal-bases.ts'

/** The version of the language that this grammar reads. */
const languageVersion = '1'

type ValueKind = FieldValueNode['kind']

/** What may stand in each field, and whether only one of it. */
const fieldRules: Readonly<
  Record<FieldName, { readonly kind: ValueKind; readonly single: boolean }>
> = {
  purpose: { kind: 'name', single: true },
  channel: { kind: 'name', single: false },
  recipient: { kind: 'name', single: true },
  basis: { kind: 'name', single: true },
  owner: { kind: 'text', single: true },
  refresh: { kind: 'rhythm', single: true },
  expires: { kind: 'date', single: true },
  'time-zone': { kind: 'text', single: true },
  'as-of': { kind: 'date', single: true },
  note: { kind: 'text', single: true },
}

export function headerOf(context: Context): CheckedHeader {
  const { rule } = context
  if (rule.version !== undefined && rule.version.value !== languageVersion) {
    const args = { version: rule.version.value }
    report(context, diagnostic('E501', rule.version.span, args))
  }
  const fields = checkedFields(context, rule)
  const { purposes, channels, recipients } = context.catalog
  const [purpose] = namesIn(context, fields.get('purpose'), purposes, 'E307')
  const [recipient] = namesIn(context, fields.get('recipient'), recipients, 'E309')
  namesIn(context, fields.get('basis'), legalBases, 'E313')
  const timeZone = timeZoneIn(context, fields.get('time-zone'))
  const asOf = fields.get('as-of')?.values[0]
  return {
    ...(rule.name === undefined ? {} : { name: rule.name.value }),
    ...(purpose === undefined ? {} : { purpose }),
    channels: namesIn(context, fields.get('channel'), channels, 'E308'),
    ...(recipient === undefined ? {} : { recipient }),
    ...(timeZone === undefined ? {} : { timeZone }),
    ...(asOf?.kind === 'date' ? { asOf: asOf.value } : {}),
  }
}

/** The first field of each name, when its values are of the right kind. */
function checkedFields(context: Context, rule: RuleAst): ReadonlyMap<FieldName, FieldNode> {
  const seen = new Set<FieldName>()
  const fields = new Map<FieldName, FieldNode>()
  for (const node of rule.fields) {
    const field = printField({ ...node, values: [] }, context.surface).replace(/:.*$/, '')
    const { kind, single } = fieldRules[node.field]
    const wrong = node.values.find((value, at) => value.kind !== kind || (single && at > 0))
    if (seen.has(node.field)) report(context, diagnostic('E502', node.span, { field }))
    else if (wrong !== undefined) report(context, diagnostic('E503', wrong.span, { field }))
    else fields.set(node.field, node)
    seen.add(node.field)
  }
  return fields
}

function namesIn(
  context: Context,
  field: FieldNode | undefined,
  entries: readonly CatalogName[],
  code: 'E307' | 'E308' | 'E309' | 'E313',
): readonly string[] {
  const names = (field?.values ?? []).filter((value): value is NameNode => value.kind === 'name')
  return names.flatMap((name) => resolve(context, name, entries, code)?.id ?? [])
}

function timeZoneIn(context: Context, field: FieldNode | undefined): string | undefined {
  const [node] = field?.values ?? []
  if (node?.kind !== 'text') return undefined
  if (isTimeZone(node.value)) return node.value
  return report(context, diagnostic('E504', node.span, { zone: node.value }))
}

function isTimeZone(name: string): boolean {
  // Offsets such as "+08:00" know no clock changes, and abbreviations mean several places.
  if (!/^[A-Z][A-Za-z]*(\/[A-Za-z0-9_+-]+)*$/.test(name)) return false
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }).format(0) !== ''
  } catch {
    return false
  }
}
