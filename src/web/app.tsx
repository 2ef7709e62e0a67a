/** The frame of the workplace: who is here, in which language, and which page. */
import { useCallback, useEffect, useMemo, useState } from 'preact/hooks'
import { call, signedOut } from './api.ts'
import { rememberedLocale, rememberLocale, showLocale, WordsContext, wordsOf } from './i18n.ts'
import type { Locale } from './i18n.ts'
import { CurrentPage } from './pages.tsx'
import { InvitationPage } from './pages/invitation.tsx'
import { SignInPage } from './pages/sign-in.tsx'
import { forgetDraft } from './parts/draft.ts'
import { Header } from './parts/header.tsx'
import { noteSignedIn, wasSignedIn } from './parts/signed-in.ts'
import { Skeleton } from './parts/skeleton.tsx'
import { navigate, usePlace } from './router.ts'
import type { Me } from './shapes.ts'

export function App() {
  const [locale, setLocale] = useState<Locale>(rememberedLocale)
  const words = useMemo(() => wordsOf(locale), [locale])
  /** undefined: not asked yet; null: nobody is signed in. */
  const [me, setMe] = useState<Me | null | undefined>(undefined)
  /** The session ended by itself. */
  const [expired, setExpired] = useState(false)
  const { path, visit } = usePlace()
  useEffect(() => showLocale(locale), [locale])
  const ask = useCallback(async () => {
    const answer = await call<Me>(rememberedLocale(), '/v1/me')
    setMe(answer.ok ? answer.value : null)
    if (!answer.ok && answer.problem.code === 'not-signed-in') noteSignedIn(false)
  }, [])
  useEffect(() => {
    // Asking on behalf of nobody would only put a refusal on record.
    if (wasSignedIn()) ask().catch(() => setMe(null))
    else setMe(null)
  }, [ask])
  useEffect(() => {
    const ended = (): void =>
      setMe((before) => {
        if (before !== null && before !== undefined) setExpired(true)
        return null
      })
    addEventListener(signedOut, ended)
    return () => removeEventListener(signedOut, ended)
  }, [])
  const signOut = async (): Promise<void> => {
    await call(locale, '/v1/session', { method: 'DELETE' })
    forgetDraft()
    noteSignedIn(false)
    setExpired(false)
    setMe(null)
    navigate('/')
  }
  const signedIn = (entered: Me): void => {
    setMe(entered)
    noteSignedIn(true)
    setExpired(false)
    // Whoever comes back after a pause goes on where they were.
    if (!expired) navigate('/')
  }
  const other = (): void => {
    const next = locale === 'en' ? 'zh-CN' : 'en'
    rememberLocale(next)
    setLocale(next)
  }
  return (
    <WordsContext.Provider value={words}>
      <a class="skip" href="#content">
        {words.t.skipToContent}
      </a>
      <Header me={me ?? null} path={path} onLocale={other} onSignOut={() => void signOut()} />
      {me?.demo === true && <p class="demo-banner">{words.t.demoBanner}</p>}
      <main id="content" tabIndex={-1}>
        {path === '/invitation' ? (
          <InvitationPage />
        ) : me === undefined ? (
          <Skeleton />
        ) : me === null ? (
          <SignInPage expired={expired} onSignedIn={signedIn} />
        ) : (
          <CurrentPage key={visit} me={me} path={path} />
        )}
      </main>
      <footer class="foot">
        <span>{words.t.promise}</span>
        <a href="/docs">{words.t.navApi}</a>
      </footer>
    </WordsContext.Provider>
  )
}
