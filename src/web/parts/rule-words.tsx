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
}) {
  const { t, language } = useWords()
  const { rule, catalog, use } = props
  const sentences = useMemo(() => {
    const asOf = new Date().toISOString()
    return ruleInWords(rule, catalog, { asOf, timeZone: catalog.timeZone, use })[language]
  }, [rule, catalog, use, language])
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
