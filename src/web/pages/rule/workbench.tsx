/** The rule, what is wrong with it, what it means, and how many it reaches, side by side. */
import { format, readRule, translate } from '#grammar'
import type { CheckedHeader, RuleCatalog } from '#grammar'
import { useEffect, useMemo, useRef, useState } from 'preact/hooks'
import { Editor } from '../../editor/editor.tsx'
import type { EditorHandle } from '../../editor/editor.tsx'
import { marksOf } from '../../editor/marks.ts'
import { useWords } from '../../i18n.ts'
import { keepDraft, readDraft } from '../../parts/draft.ts'
import { PageHead } from '../../parts/page-head.tsx'
import { RuleWords } from '../../parts/rule-words.tsx'
import { firstUse, UsePicker } from '../../parts/use-picker.tsx'
import type { Parties, Segment, Use } from '../../shapes.ts'
import { useRomanise } from './romanise.ts'
import { examples } from './examples.ts'
import { Findings } from './findings.tsx'
import { Reach } from './reach.tsx'
import { SaveForm } from './save-form.tsx'

export function Workbench(props: {
  readonly catalog: RuleCatalog
  readonly parties: Parties
  readonly opened: Segment | undefined
}) {
  const { t, language } = useWords()
  const { catalog, parties, opened } = props
  const offered = useMemo(() => examples(catalog), [catalog])
  const [text, setText] = useState(
    () => opened?.text ?? readDraft() ?? offered[0]?.[language] ?? '',
  )
  useEffect(() => {
    if (opened === undefined) keepDraft(text)
  }, [opened, text])
  const romanise = useRomanise()
  const read = useMemo(
    () => readRule(text, catalog, {}, romanise === undefined ? {} : { romanise }),
    [text, catalog, romanise],
  )
  const [use, setUse] = useState<Use>(() => firstUse(parties, proposedUse(read.rule?.header)))
  const marks = useMemo(() => marksOf(read.diagnostics, language), [read, language])
  const handle = useRef<EditorHandle | null>(null)
  const write = (next: string): void => handle.current?.replace(next)
  const { ast } = read
  const isSound = read.rule !== undefined
  const other = read.surface === 'en' ? 'zh' : 'en'
  const toOther = (): void => {
    const translated = translate(text, other, catalog)
    if (translated.ok) write(translated.text)
  }
  const isFormatted = ast !== undefined && format(ast, read.surface, catalog) === text
  return (
    <section>
      <PageHead title={opened?.name ?? t.ruleTitle} lead={t.ruleLead} />
      <div class="examples" role="group" aria-label={t.examples}>
        <span class="quiet">{t.examples}</span>
        {offered.map((example) => (
          <button
            type="button"
            class="chip"
            key={example.en}
            aria-pressed={example.en === text || example.zh === text}
            onClick={() => write(example[language])}
            data-test="example"
          >
            {language === 'en' ? example.titleEn : example.titleZh}
          </button>
        ))}
      </div>
      <div class="workbench">
        <div class="card editor-card">
          <div class="editor-bar">
            <h2>{t.ruleText}</h2>
            <div class="actions">
              <button
                type="button"
                class="button small"
                disabled={ast === undefined || isFormatted}
                onClick={() => {
                  if (ast !== undefined) write(format(ast, read.surface, catalog))
                }}
                data-test="format"
              >
                {t.format}
              </button>
              <button
                type="button"
                class="button small"
                disabled={ast === undefined}
                onClick={toOther}
                data-test="translate"
              >
                {other === 'en' ? t.toEnglish : t.toChinese}
              </button>
            </div>
          </div>
          <Editor
            text={text}
            label={t.ruleLabel}
            placeholder={t.rulePlaceholder}
            catalog={catalog}
            romanise={romanise}
            language={language}
            marks={marks}
            onChange={setText}
            handle={handle}
          />
          <Findings
            diagnostics={read.diagnostics}
            text={text}
            onShow={(span) => handle.current?.select(span)}
            onFix={write}
          />
          <div class="editor-use">
            <h2>{t.useTitle}</h2>
            <UsePicker parties={parties} use={use} onChange={setUse} flat />
          </div>
        </div>
        <Reach text={text} use={use} isSound={isSound} />
        {read.rule !== undefined && (
          <RuleWords rule={read.rule} catalog={catalog} use={use} categories={read.categories} />
        )}
        <SaveForm text={text} use={use} isSound={isSound} opened={opened} />
      </div>
    </section>
  )
}

/** What the rule's header proposes. */
function proposedUse(header: CheckedHeader | undefined): Partial<Use> {
  const { purpose, recipient } = header ?? {}
  const channel = header?.channels[0]
  return {
    ...(purpose === undefined ? {} : { purpose }),
    ...(channel === undefined ? {} : { channel }),
    ...(recipient === undefined ? {} : { recipient }),
  }
}
