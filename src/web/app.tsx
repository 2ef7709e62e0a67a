/** The frame of the workplace: who is here, in which language, and which page. */
import { useCallback, useEffect, useMemo, useState } from 'preact/hooks'
import { call } from './api.ts'
import type { Me } from './api.ts'
import {
  rememberedLocale,
  rememberLocale,
  toggleTheme,
  useWords,
  WordsContext,
  wordsOf,
} from './i18n.ts'
import type { Locale } from './i18n.ts'
import type { Messages } from './messages/zh-CN.ts'
import { ApiPage } from './pages/api-page.tsx'
import { AudiencePage, AudiencesPage } from './pages/audiences.tsx'
import { CatalogPage } from './pages/catalog.tsx'
import { ExportPage } from './pages/export.tsx'
import { ApprovalsPage, ExportsPage } from './pages/exports.tsx'
import { LogPage } from './pages/log.tsx'
import { RulePage } from './pages/rule.tsx'
import { SegmentsPage } from './pages/segments.tsx'
import { SignInPage } from './pages/sign-in.tsx'
import { Link } from './parts/link.tsx'
import { navigate, usePath } from './router.ts'

interface Entry {
  readonly path: string
  readonly label: keyof Messages
  readonly roles: readonly string[]
}

const entries: readonly Entry[] = [
  { path: '/rule', label: 'navRule', roles: ['marketer'] },
  { path: '/segments', label: 'navSegments', roles: ['marketer'] },
  { path: '/audiences', label: 'navAudiences', roles: ['marketer'] },
  { path: '/approvals', label: 'navApprovals', roles: ['approver'] },
  { path: '/exports', label: 'navExports', roles: ['marketer', 'approver', 'reviewer'] },
  { path: '/log', label: 'navLog', roles: ['reviewer'] },
  {
    path: '/catalog',
    label: 'navCatalog',
    roles: ['marketer', 'approver', 'steward', 'officer', 'reviewer'],
  },
  {
    path: '/api',
    label: 'navApi',
    roles: ['admin', 'steward', 'officer', 'marketer', 'approver', 'reviewer'],
  },
]

export const homeOf = (me: Me): string =>
  entries.find((entry) => entry.roles.some((role) => me.roles.includes(role)))?.path ?? '/api'

export function App() {
  const [locale, setLocale] = useState<Locale>(rememberedLocale)
  const words = useMemo(() => wordsOf(locale), [locale])
  /** undefined: not asked yet; null: nobody is signed in. */
  const [me, setMe] = useState<Me | null | undefined>(undefined)
  useEffect(() => {
    rememberLocale(locale)
    document.title = words.t.appName
  }, [locale, words])
  const ask = useCallback(async () => {
    const answer = await call<Me>(locale, '/v1/me')
    setMe(answer.ok ? answer.value : null)
  }, [locale])
  useEffect(() => {
    if (me === undefined) ask().catch(() => setMe(null))
  }, [ask, me])
  const signOut = async (): Promise<void> => {
    await call(locale, '/v1/session', { method: 'DELETE' })
    setMe(null)
    navigate('/')
  }
  return (
    <WordsContext.Provider value={words}>
      <a class="skip" href="#content">
        {words.t.skipToContent}
      </a>
      <Header
        me={me ?? null}
        onLocale={() => setLocale(locale === 'en' ? 'zh-CN' : 'en')}
        onSignOut={() => void signOut()}
      />
      {me?.demo === true && <p class="demo-banner">{words.t.demoBanner}</p>}
      <main id="content" tabIndex={-1}>
        {me === undefined ? (
          <p class="quiet">{words.t.loading}</p>
        ) : me === null ? (
          <SignInPage
            onSignedIn={() => {
              setMe(undefined)
              navigate('/')
            }}
          />
        ) : (
          <CurrentPage me={me} />
        )}
      </main>
    </WordsContext.Provider>
  )
}

function Header(props: {
  readonly me: Me | null
  readonly onLocale: () => void
  readonly onSignOut: () => void
}) {
  const { t } = useWords()
  const path = usePath()
  const { me } = props
  const shown =
    me === null
      ? []
      : entries.filter((entry) => entry.roles.some((role) => me.roles.includes(role)))
  return (
    <header class="top">
      <Link to="/" class="brand">
        <img src="/icon.svg" alt="" width="26" height="26" />
        <span>{t.appName}</span>
      </Link>
      <nav aria-label={t.menu}>
        {shown.map((entry) => (
          <Link
            key={entry.path}
            to={entry.path}
            current={
              path.startsWith(entry.path) ||
              (path === '/' && me !== null && homeOf(me) === entry.path)
            }
          >
            {t[entry.label]}
          </Link>
        ))}
      </nav>
      <div class="top-tools">
        {me !== null && <span class="who">{me.displayName}</span>}
        <button type="button" class="plain" onClick={props.onLocale} data-test="language">
          {t.language}
        </button>
        <button
          type="button"
          class="plain"
          onClick={toggleTheme}
          aria-label={t.theme}
          title={t.theme}
        >
          ◐
        </button>
        {me !== null && (
          <button type="button" class="plain" onClick={props.onSignOut} data-test="sign-out">
            {t.signOut}
          </button>
        )}
      </div>
    </header>
  )
}

function CurrentPage(props: { readonly me: Me }) {
  const path = usePath()
  const { me } = props
  const [, first, second] = (path === '/' ? homeOf(me) : path).split('/')
  switch (first) {
    case 'rule':
      return <RulePage segmentId={second} />
    case 'segments':
      return <SegmentsPage />
    case 'audiences':
      return second === undefined ? <AudiencesPage /> : <AudiencePage id={second} key={second} />
    case 'exports':
      return second === undefined ? (
        <ExportsPage />
      ) : (
        <ExportPage id={second} me={me} key={second} />
      )
    case 'approvals':
      return <ApprovalsPage me={me} />
    case 'log':
      return <LogPage />
    case 'catalog':
      return <CatalogPage />
    case 'api':
      return <ApiPage />
    case undefined:
    default:
      return <NotFound />
  }
}

function NotFound() {
  const { t } = useWords()
  return <p class="note">{t.pageNotFound}</p>
}
