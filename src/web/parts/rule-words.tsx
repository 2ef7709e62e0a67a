/** What a rule means, sentence by sentence, and the categories of data it reads. */
import { ruleInWords } from '#grammar'
import type { CheckedRule, RuleCatalog } from '#grammar'
import { useMemo } from 'preact/hooks'
import { useWords } from '../i18n.ts'
import type { Use } from '../shapes.ts'
import { Categories } from './categories.tsx'

export function RuleWords(props: {
  readonly rule: CheckedRule
  readonly catalog: RuleCatalog
  readonly use: Use
  readonly categories: readonly string[]
  /** RFC 3339; this moment where none is given. */
  readonly asOf?: string | undefined
}) {
  const { t, language } = useWords()
  const { rule, catalog, use, asOf } = props
  const sentences = useMemo(() => {
    const run = { asOf: asOf ?? new Date().toISOString(), timeZone: catalog.timeZone, use }
    return ruleInWords(rule, catalog, run)[language]
  }, [rule, catalog, use, language, asOf])
  return (
    <div class="card stack tight" data-test="words">
      <h2>{t.inWords}</h2>
      <div class="meaning">
        {sentences.map((sentence) => (
          <p key={sentence} class={/^\d/.test(sentence) ? 'inner' : undefined}>
            {sentence}
          </p>
        ))}
      </div>
      <div class="actions">
        <span class="quiet">{t.reads}</span>
        <Categories ids={props.categories} none={t.readsNothing} />
      </div>
    </div>
  )
}
