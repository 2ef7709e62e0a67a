/** The grammar that the parser was built with, as EBNF: keywords by concept, other tokens in lower case. */
import type { ISerializedGast } from 'chevrotain'
import { concepts, keywords } from '../../grammar/syntax/keywords.ts'
import type { Spellings } from '../../grammar/syntax/keywords.ts'
import { RuleGrammar } from '../../grammar/syntax/rule-grammar.ts'

interface Production {
  readonly type: string
  readonly name?: string
  readonly definition?: readonly Production[]
  readonly separator?: Production
  readonly terminalLabel?: string
}

const signs: Readonly<Record<string, string>> = {
  Open: '"("',
  Close: '")"',
  Comma: '","',
  Colon: '":"',
  Semicolon: '";"',
  Dot: '"."',
  Slash: '"/"',
  Greater: '">"',
  GreaterOrEqual: '">="',
  Less: '"<"',
  LessOrEqual: '"<="',
  Equal: '"="',
  NotEqual: '"!="',
}

/** Tokens of broken text, which no rule holds. */
const broken = new Set(['Hole', 'BadName', 'UnclosedName', 'UnclosedText'])

export function ebnf(): string {
  const serialised: readonly (ISerializedGast & Production)[] = new RuleGrammar(
    false,
  ).getSerializedGastProductions()
  const width = Math.max(...serialised.map(({ name }) => (name ?? '').length))
  return serialised
    .toReversed()
    .map(({ name = '', definition = [] }) => `${name.padEnd(width)} = ${sequence(definition)} ;`)
    .join('\n')
}

const sequence = (parts: readonly Production[]): string =>
  parts.map(written).filter(Boolean).join(' ')

function written(part: Production): string {
  const inner = part.definition ?? []
  switch (part.type) {
    case 'Terminal':
      return terminal(part.name ?? '')
    case 'NonTerminal':
      return part.name ?? ''
    case 'Option':
      return `[ ${sequence(inner)} ]`
    case 'Repetition':
      return `{ ${sequence(inner)} }`
    case 'RepetitionMandatory':
      return `${sequence(inner)} { ${sequence(inner)} }`
    case 'RepetitionMandatoryWithSeparator':
      return `${sequence(inner)} { ${terminal(part.separator?.name ?? '')} ${sequence(inner)} }`
    case 'Alternation': {
      const alternatives = inner.map(written).filter(Boolean)
      return alternatives.length > 1 ? `( ${alternatives.join(' | ')} )` : (alternatives[0] ?? '')
    }
    default:
      return sequence(inner)
  }
}

function terminal(name: string): string {
  if (broken.has(name)) return ''
  const shape = ['Text', 'Name', 'Word', 'Variable', 'Date', 'Percent', 'Number', 'Currency']
  return signs[name] ?? (shape.includes(name) ? `<${name.toLowerCase()}>` : name)
}

/** Every keyword with its spellings, the canonical one first, as a table of Markdown. */
export function keywordTable(): string {
  const rows = concepts.map((concept) => {
    const { en, zh }: Spellings = keywords[concept]
    return `| ${concept} | ${en.join(', ')} | ${zh.join('、')} |`
  })
  return ['| concept | English | 中文 |', '| --- | --- | --- |', ...rows].join('\n')
}
