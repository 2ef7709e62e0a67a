/** Where a marketer writes: the rule, what is wrong with it, what it means, and how many it reaches. */
import { format, readRule, renderDiagnostic, translate } from '#grammar'
import type { Diagnostic, RuleCatalog } from '#grammar'
import { useEffect, useMemo, useState } from 'preact/hooks'
import { call, newKey } from '../api.ts'
import type { Parties, Problem, Segment, Use } from '../api.ts'
import { Editor } from '../editor/editor.tsx'
import { useWords } from '../i18n.ts'
import { firstUse } from '../parts/first-use.ts'
import { ProblemNote } from '../parts/problem-note.tsx'
import { useAnswer } from '../parts/use-answer.ts'
import { UsePicker } from '../parts/use-picker.tsx'
import { navigate } from '../router.ts'
import { examples } from './examples.ts'
import { Reach } from './reach.tsx'

export function RulePage(props: { readonly segmentId: string | undefined }) {
  const { t } = useWords()
  const catalog = useAnswer<RuleCatalog>('/v1/catalog')
  const parties = useAnswer<Parties>('/v1/parties')
  const segment = useAnswer<Segment>(
    props.segmentId === undefined ? undefined : `/v1/segments/${props.segmentId}`,
  )
  const problem = catalog.problem ?? parties.problem ?? segment.problem
  if (problem !== undefined)
    return (
      <ProblemNote
        problem={problem}
        onRetry={() => {
          catalog.reload()
          parties.reload()
          segment.reload()
        }}
      />
    )
  if (catalog.value === undefined || parties.value === undefined)
    return <p class="quiet">{t.loading}</p>
  if (props.segmentId !== undefined && segment.value === undefined)
    return <p class="quiet">{t.loading}</p>
  return (
    <Workbench
      key={segment.value?.id ?? 'new'}
      catalog={catalog.value}
      parties={parties.value}
      segment={segment.value}
    />
  )
}

function Workbench(props: {
  readonly catalog: RuleCatalog
  readonly parties: Parties
  readonly segment: Segment | undefined
}) {
  const { t, locale } = useWords()
  const { catalog } = props
  const offered = useMemo(() => examples(catalog), [catalog])
  const [text, setText] = useState(
    props.segment?.text ?? (locale === 'en' ? offered[0]?.en : offered[0]?.zh) ?? '',
  )
  const [use, setUse] = useState<Use>(() => firstUse(props.parties))
  const read = useMemo(() => readRule(text, catalog), [text, catalog])
  const language = locale === 'en' ? 'en' : 'zh'
  const marks = useMemo(
    () =>
      read.diagnostics.map((diagnostic) => ({
        from: diagnostic.span.start,
        to: diagnostic.span.end,
        severity: diagnostic.severity,
        message: renderDiagnostic(diagnostic, language),
      })),
    [read, language],
  )
  const sound = read.rule !== undefined && !read.diagnostics.some((d) => d.severity === 'error')
  const rewrite = (to: 'en' | 'zh' | undefined): void => {
    if (read.ast === undefined) return
    if (to === undefined) setText(format(read.ast, read.surface, catalog))
    else {
      const translated = translate(text, to, catalog)
      if (translated.ok) setText(translated.text)
    }
  }
  return (
    <div class="rule-page">
      <section>
        <h1>{props.segment?.name ?? t.ruleTitle}</h1>
        <div class="card">
          <div class="toolbar">
            <label>
              {t.examples}
              <select
                value=""
                data-test="examples"
                onChange={(e) => {
                  const example = offered[Number(e.currentTarget.value)]
                  if (example !== undefined) setText(locale === 'en' ? example.en : example.zh)
                }}
              >
                <option value="">{t.exampleChoose}</option>
                {offered.map((example, index) => (
                  <option key={example.en} value={index}>
                    {locale === 'en' ? example.titleEn : example.titleZh}
                  </option>
                ))}
              </select>
            </label>
            <button
              type="button"
              class="button"
              onClick={() => rewrite(undefined)}
              data-test="format"
            >
              {t.format}
            </button>
            <button type="button" class="button" onClick={() => rewrite('zh')} data-test="to-zh">
              {t.toChinese}
            </button>
            <button type="button" class="button" onClick={() => rewrite('en')} data-test="to-en">
              {t.toEnglish}
            </button>
          </div>
          <Editor
            text={text}
            label={t.ruleLabel}
            catalog={catalog}
            marks={marks}
            onChange={setText}
          />
          <Findings diagnostics={read.diagnostics} text={text} onFix={setText} />
        </div>
        {sound && <Meaning text={text} use={use} categories={read.categories} />}
        <SaveForm text={text} sound={sound} segment={props.segment} />
      </section>
      <aside>
        <div class="card">
          <h2>{t.useTitle}</h2>
          <UsePicker parties={props.parties} use={use} onChange={setUse} />
        </div>
        <Reach text={text} use={use} sound={sound} />
      </aside>
    </div>
  )
}

function Findings(props: {
  readonly diagnostics: readonly Diagnostic[]
  readonly text: string
  readonly onFix: (text: string) => void
}) {
  const { t, locale } = useWords()
  const language = locale === 'en' ? 'en' : 'zh'
  const errors = props.diagnostics.filter((d) => d.severity === 'error').length
  const hints = props.diagnostics.length - errors
  return (
    <div aria-live="polite" data-test="findings" data-errors={errors}>
      <p class="quiet">
        {errors === 0 ? `✓ ${t.noProblems}` : `${errors} ${t.problemsFound}`}
        {hints > 0 && ` · ${hints} ${t.hints}`}
      </p>
      <ul class="diagnostics">
        {props.diagnostics.map((diagnostic) => (
          <li
            key={`${diagnostic.code}${diagnostic.span.start}-${diagnostic.span.end}`}
            data-severity={diagnostic.severity}
            data-code={diagnostic.code}
          >
            <code>{diagnostic.code}</code>
            {renderDiagnostic(diagnostic, language)}
            <div>
              {(diagnostic.fixes ?? []).map((fix) => (
                <button
                  type="button"
                  class="button"
                  key={JSON.stringify(fix.edits)}
                  onClick={() => props.onFix(applyEdits(props.text, fix.edits))}
                >
                  {t.fix}: {fix.edits.map((edit) => edit.text).join(' … ')}
                </button>
              ))}
            </div>
          </li>
        ))}
      </ul>
    </div>
  )
}

interface Edit {
  readonly span: { readonly start: number; readonly end: number }
  readonly text: string
}

function applyEdits(text: string, edits: readonly Edit[]): string {
  return [...edits]
    .sort((a, b) => b.span.start - a.span.start)
    .reduce(
      (now, edit) => now.slice(0, edit.span.start) + edit.text + now.slice(edit.span.end),
      text,
    )
}

interface Explained {
  readonly words: { readonly en: readonly string[]; readonly zh: readonly string[] } | null
}

const settleMs = 400

function Meaning(props: {
  readonly text: string
  readonly use: Use
  readonly categories: readonly string[]
}) {
  const { t, locale } = useWords()
  const [words, setWords] = useState<Explained['words']>(null)
  const { purpose, channel, recipient } = props.use
  useEffect(() => {
    const abort = new AbortController()
    const explain = async (): Promise<void> => {
      const answer = await call<Explained>(locale, '/v1/rules/explain', {
        method: 'POST',
        body: { text: props.text, use: { purpose, channel, recipient } },
        signal: abort.signal,
      })
      if (answer.ok) setWords(answer.value.words)
    }
    const timer = setTimeout(() => void explain().catch(() => undefined), settleMs)
    return () => {
      clearTimeout(timer)
      abort.abort()
    }
  }, [props.text, purpose, channel, recipient, locale])
  const sentences = words === null ? [] : locale === 'en' ? words.en : words.zh
  return (
    <div class="card" data-test="words">
      <h2>{t.inWords}</h2>
      <ul>
        {sentences.map((sentence) => (
          <li key={sentence}>{sentence}</li>
        ))}
      </ul>
      <p class="quiet">
        {t.reads}：{props.categories.length === 0 ? t.readsNothing : props.categories.join('、')}
      </p>
    </div>
  )
}

function SaveForm(props: {
  readonly text: string
  readonly sound: boolean
  readonly segment: Segment | undefined
}) {
  const { t, locale } = useWords()
  const [name, setName] = useState(props.segment?.name ?? '')
  const [problem, setProblem] = useState<Problem | undefined>(undefined)
  const [saved, setSaved] = useState(false)
  const save = async (): Promise<void> => {
    const known = props.segment
    const answer = await call<Segment>(
      locale,
      known === undefined ? '/v1/segments' : `/v1/segments/${known.id}`,
      {
        method: known === undefined ? 'POST' : 'PUT',
        body: { name, text: props.text },
        idempotencyKey: newKey(),
      },
    )
    if (!answer.ok) {
      setProblem(answer.problem)
      return
    }
    setProblem(undefined)
    setSaved(true)
    navigate('/segments')
  }
  return (
    <form
      class="card"
      onSubmit={(event) => {
        event.preventDefault()
        void save()
      }}
    >
      <h2>{t.saveTitle}</h2>
      <label>
        {t.name}
        <input
          name="segment-name"
          required
          maxLength={120}
          value={name}
          onInput={(e) => setName(e.currentTarget.value)}
        />
      </label>
      <button type="submit" class="button primary" disabled={!props.sound} data-test="save">
        {props.segment === undefined ? t.save : t.saveNewVersion}
      </button>
      {saved && <span role="status"> {t.saved}</span>}
      {problem !== undefined && <ProblemNote problem={problem} />}
    </form>
  )
}
