/** What a rule may speak of: names in both languages, types, categories. */
import type { RuleCatalog, ValueType } from '#grammar'
import { labelIn, useWords } from '../i18n.ts'
import type { Messages } from '../messages/zh-CN.ts'
import { ProblemNote } from '../parts/problem-note.tsx'
import { useAnswer } from '../parts/use-answer.ts'

const labelByType: Readonly<Record<ValueType['kind'], keyof Messages>> = {
  integer: 'typeInteger',
  decimal: 'typeDecimal',
  money: 'typeMoney',
  percent: 'typePercent',
  score: 'typeScore',
  text: 'typeText',
  enum: 'typeEnum',
  region: 'typeRegion',
  boolean: 'typeBoolean',
  date: 'typeDate',
  timestamp: 'typeTimestamp',
  'month-day': 'typeMonthDay',
}
const valuesShown = 12

export function CatalogPage() {
  const { t } = useWords()
  const catalog = useAnswer<RuleCatalog>('/v1/catalog')
  return (
    <section>
      <h1>{t.catalogTitle}</h1>
      <p class="lead">{t.catalogLead}</p>
      {catalog.problem !== undefined && (
        <ProblemNote problem={catalog.problem} onRetry={catalog.reload} />
      )}
      {catalog.value !== undefined && <Tables catalog={catalog.value} />}
    </section>
  )
}

function Tables(props: { readonly catalog: RuleCatalog }) {
  const { t, locale } = useWords()
  const { catalog } = props
  const values = (type: ValueType): string => {
    if (type.kind === 'money') return type.currency
    if (type.kind !== 'enum' && type.kind !== 'region') return ''
    const labels = type.values.slice(0, valuesShown).map((value) => labelIn(locale, value))
    return (
      labels.join('、') + (type.values.length > valuesShown ? ` … (${type.values.length})` : '')
    )
  }
  return (
    <>
      <h2>{t.attributes}</h2>
      <div class="scroll" tabIndex={0} role="region" aria-label={t.attributes}>
        <table>
          <thead>
            <tr>
              <th scope="col">{t.chinese}</th>
              <th scope="col">{t.english}</th>
              <th scope="col">{t.type}</th>
              <th scope="col">{t.category}</th>
              <th scope="col">{t.dataClass}</th>
              <th scope="col">{t.values}</th>
            </tr>
          </thead>
          <tbody>
            {catalog.attributes.map((attribute) => (
              <tr key={attribute.id}>
                <td>[{attribute.label.zh}]</td>
                <td>[{attribute.label.en}]</td>
                <td>{t[labelByType[attribute.type.kind]]}</td>
                <td>{attribute.category ?? '—'}</td>
                <td>{attribute.dataClass ?? '—'}</td>
                <td>{values(attribute.type)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <h2>{t.events}</h2>
      <ul class="cards">
        {catalog.events.map((event) => (
          <li key={event.id} class="card">
            <h3>
              [{event.label.zh}] [{event.label.en}]
            </h3>
            <p class="quiet">
              {t.category} {event.category ?? '—'}
            </p>
            <ul>
              {event.properties.map((property) => (
                <li key={property.id}>
                  [{property.label.zh}] [{property.label.en}] {t[labelByType[property.type.kind]]}{' '}
                  <span class="quiet">{values(property.type)}</span>
                </li>
              ))}
            </ul>
          </li>
        ))}
      </ul>
      <h2>{t.tags}</h2>
      <p>{catalog.tags.map((tag) => `[${tag.label.zh}] [${tag.label.en}]`).join('、')}</p>
    </>
  )
}
