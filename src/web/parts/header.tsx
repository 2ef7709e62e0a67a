/** The top of every page: where one can go, and who one is. */
import { toggleTheme, useWords } from '../i18n.ts'
import { entriesOf, homeOf } from '../menu.ts'
import type { Me } from '../shapes.ts'
import { Link } from './link.tsx'
import { rolesInWords } from './roles.ts'

export function Header(props: {
  readonly me: Me | null
  readonly path: string
  readonly onLocale: () => void
  readonly onSignOut: () => void
}) {
  const { t, locale } = useWords()
  const { me } = props
  return (
    <header class="top">
      <div class="top-inner">
        <Link to="/" class="brand">
          <img src="/icon.svg" alt="" width="26" height="26" />
          <span>{t.appName}</span>
        </Link>
        {me !== null && <Menu me={me} path={props.path} />}
        <div class="top-tools">
          {me !== null && (
            <span class="who">
              <strong>{me.displayName}</strong>
              {!me.displayName.includes(rolesInWords(t, me.roles)) && rolesInWords(t, me.roles)}
            </span>
          )}
          <button
            type="button"
            class="plain"
            lang={locale === 'en' ? 'zh-CN' : 'en'}
            onClick={props.onLocale}
            data-test="language"
          >
            {t.language}
          </button>
          <button
            type="button"
            class="plain"
            onClick={toggleTheme}
            aria-label={t.theme}
            title={t.theme}
            data-test="theme"
          >
            <svg width="18" height="18" viewBox="0 0 18 18" aria-hidden="true">
              <circle cx="9" cy="9" r="7" fill="none" stroke="currentColor" stroke-width="2" />
              <path d="M9 2a7 7 0 0 1 0 14z" fill="currentColor" />
            </svg>
          </button>
          {me !== null && (
            <button type="button" class="plain" onClick={props.onSignOut} data-test="sign-out">
              {t.signOut}
            </button>
          )}
        </div>
      </div>
    </header>
  )
}

function Menu(props: { readonly me: Me; readonly path: string }) {
  const { t } = useWords()
  const shown = props.path === '/' ? homeOf(props.me) : props.path
  return (
    <nav aria-label={t.menu}>
      {entriesOf(props.me).map((entry) => (
        <Link
          key={entry.path}
          to={entry.path}
          current={shown === entry.path || shown.startsWith(`${entry.path}/`)}
        >
          {t[entry.label]}
        </Link>
      ))}
    </nav>
  )
}
