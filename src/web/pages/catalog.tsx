/** What a rule may speak of: names in both languages, types, categories. */
import type { RuleCatalog, ValueType } from '#grammar'
import { useState } from 'preact/hooks'
import { labelIn, useWords } from '../i18n.ts'
import type { Labelled, Locale } from '../i18n.ts'
import type { Messages } from '../messages/zh-CN.ts'
import { Categories } from '../parts/categories.tsx'
import { PageHead } from '../parts/page-head.tsx'
import { ProblemNote } from '../parts/problem-note.tsx'
import { Skeleton } from '../parts/skeleton.tsx'
import { useAnswer } from '../parts/use-answer.ts'

export function CatalogPage() {
  const { t } = useWords()
  const catalog = useAnswer<RuleCatalog>('/v1/catalog')
  const [wanted, setWanted] = useState('')
  return (
    <section>
      <PageHead title={t.catalogTitle} lead={t.catalogLead}>
        <label>
          <span class="visually-hidden">{t.catalogFilter}</span>
          <input
            type="search"
            value={wanted}
            placeholder={t.catalogFilter}
            onInput={(event) => setWanted(event.currentTarget.value)}
          />
        </label>
      </PageHead>
      {catalog.problem !== undefined && (
        <ProblemNote problem={catalog.problem} onRetry={catalog.reload} />
      )}
      {catalog.value === undefined && catalog.problem === undefined && <Skeleton lines={8} />}
      {catalog.value !== undefined && <Tables catalog={catalog.value} wanted={wanted} />}
    </section>
  )
}

function Tables(props: { readonly catalog: RuleCatalog; readonly wanted: string }) {
  const { t } = useWords()
  const { catalog } = props
  const wanted = props.wanted.trim().toLowerCase()
  const fits = ({ label }: Labelled): boolean =>
    label.zh.toLowerCase().includes(wanted) || label.en.toLowerCase().includes(wanted)
  const attributes = catalog.attributes.filter(fits)
  const events = catalog.events.filter((event) => fits(event) || event.properties.some(fits))
  const tags = catalog.tags.filter(fits)
  if (attributes.length + events.length + tags.length === 0) return <p class="note">{t.noneFits}</p>
  return (
    <div class="stack">
      {attributes.length > 0 && <Attributes attributes={attributes} />}
      {events.length > 0 && <Events events={events} />}
      {tags.length > 0 && <Tags tags={tags} />}
    </div>
  )
}

function Attributes(props: { readonly attributes: RuleCatalog['attributes'] }) {
  const { t, locale } = useWords()
  return (
    <section class="stack tight">
      <h2>{t.attributes}</h2>
      <div class="card scroll stacking" tabIndex={0} role="region" aria-label={t.attributes}>
        <table>
          <thead>
            <tr>
              <th scope="col">{t.catalogName}</th>
              <th scope="col">{t.type}</th>
              <th scope="col">{t.category}</th>
              <th scope="col">{t.dataClass}</th>
              <th scope="col">{t.values}</th>
            </tr>
          </thead>
          <tbody>
            {props.attributes.map((attribute) => (
              <tr key={attribute.id}>
                <td>
                  <Name named={attribute} />
                </td>
                <td class="nowrap" data-label={t.type}>
                  {typeInWords(attribute.type, t)}
                </td>
                <td data-label={t.category}>
                  <Category id={attribute.category} />
                </td>
                <td data-label={t.dataClass}>{attribute.dataClass ?? '—'}</td>
                <td data-label={t.values}>{valuesInWords(attribute.type, locale)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </section>
  )
}

function Events(props: { readonly events: RuleCatalog['events'] }) {
  const { t } = useWords()
  return (
    <section class="stack tight">
      <h2>{t.events}</h2>
      <ul class="card rows">
        {props.events.map((event) => (
          <li key={event.id}>
            <h3>
              <Name named={event} />
            </h3>
            <Category id={event.category} />
            {event.properties.length > 0 && (
              <ul class="wide tags">
                {event.properties.map((property) => (
                  <li key={property.id} class="tag">
                    <Name named={property} />{' '}
                    <span class="quiet">{typeInWords(property.type, t)}</span>
                  </li>
                ))}
              </ul>
            )}
          </li>
        ))}
      </ul>
    </section>
  )
}

function Tags(props: { readonly tags: RuleCatalog['tags'] }) {
  const { t } = useWords()
  return (
    <section class="stack tight">
      <h2>{t.tags}</h2>
      <ul class="card tags">
        {props.tags.map((tag) => (
          <li key={tag.id} class="tag">
            <Name named={tag} />
          </li>
        ))}
      </ul>
    </section>
  )
}

/** The reader's own name first, as a rule writes it; the other language's beside it. */
function Name(props: { readonly named: Labelled }) {
  const { locale } = useWords()
  const { named } = props
  return (
    <>
      <span class="rule-name">[{labelIn(locale, named)}]</span>{' '}
      <span class="quiet" lang={locale === 'en' ? 'zh-CN' : 'en'}>
        [{labelIn(locale === 'en' ? 'zh-CN' : 'en', named)}]
      </span>
    </>
  )
}

function Category(props: { readonly id: string | undefined }) {
  const { t } = useWords()
  return <Categories ids={props.id === undefined ? [] : [props.id]} none={t.unlabelled} />
}

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

function typeInWords(type: ValueType, t: Messages): string {
  const words = t[labelByType[type.kind]]
  if (type.kind === 'money') return `${words} ${type.currency}`
  return type.kind === 'score' ? `${words} ${type.low}–${type.high}` : words
}

const valuesShown = 12

function valuesInWords(type: ValueType, locale: Locale): string {
  if (type.kind !== 'enum' && type.kind !== 'region') return ''
  const labels = type.values.slice(0, valuesShown).map((value) => labelIn(locale, value))
  const more = type.values.length - labels.length
  return labels.join(locale === 'en' ? ', ' : '、') + (more > 0 ? ` … +${more}` : '')
}
