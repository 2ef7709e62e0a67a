/** A saved rule for those who decide: its canonical text in the reader's language, and what it means. */
import { format, readRule, tokenise } from '#grammar'
import type { RuleCatalog } from '#grammar'
import { useMemo } from 'preact/hooks'
import { useWords } from '../i18n.ts'
import type { Use } from '../shapes.ts'
import { RuleWords } from './rule-words.tsx'

export function RuleShown(props: {
  readonly text: string
  readonly ruleHash: string
  readonly catalog: RuleCatalog
  readonly use: Use
  readonly categories: readonly string[]
  readonly asOf: string | undefined
}) {
  const { t, language } = useWords()
  const { catalog, text } = props
  const read = useMemo(() => readRule(text, catalog), [text, catalog])
  const shown = useMemo(
    () => (read.ast === undefined ? text : format(read.ast, language, catalog)),
    [read, text, catalog, language],
  )
  return (
    <>
      <div class="card stack tight">
        <h2>{t.ruleText}</h2>
        <pre class="rule-text" lang={language === 'zh' ? 'zh-CN' : 'en'} data-test="rule-text">
          {coloured(shown)}
        </pre>
        <p class="quiet">
          {t.ruleHash} <code class="hash">{props.ruleHash}</code>
        </p>
      </div>
      {read.rule !== undefined && (
        <RuleWords
          rule={read.rule}
          catalog={catalog}
          use={props.use}
          categories={props.categories}
          asOf={props.asOf}
        />
      )}
    </>
  )
}

/** The text in pieces, each with the class of its kind; white space between stays as it is. */
function coloured(text: string) {
  const pieces = []
  let done = 0
  for (const { kind, span } of tokenise(text)) {
    if (span.start > done) pieces.push(text.slice(done, span.start))
    pieces.push(
      <span key={span.start} class={`tok-${kind}`}>
        {text.slice(span.start, span.end)}
      </span>,
    )
    done = span.end
  }
  pieces.push(text.slice(done))
  return pieces
}
