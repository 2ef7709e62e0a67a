/** The heading of a page; it names the page to the browser, and takes the focus when the page is new. */
import type { ComponentChildren } from 'preact'
import { useEffect, useRef } from 'preact/hooks'
import { useWords } from '../i18n.ts'
import { hasMoved } from '../router.ts'
import { Link } from './link.tsx'

export function PageHead(props: {
  readonly title: string
  readonly lead?: string
  /** Where this page is found again. */
  readonly under?: { readonly to: string; readonly title: string }
  /** Stands at the other end of the line. */
  readonly children?: ComponentChildren
}) {
  const { t } = useWords()
  useTitle(props.title)
  const heading = useRef<HTMLHeadingElement>(null)
  useEffect(() => {
    // At the first page the browser's own order is right: the skip link comes first.
    if (hasMoved()) heading.current?.focus({ preventScroll: true })
  }, [])
  return (
    <div class="page-head">
      <div>
        {props.under !== undefined && (
          <Link to={props.under.to} class="crumb">
            ‹ {props.under.title}
          </Link>
        )}
        <h1 ref={heading} tabIndex={-1}>
          {props.title}
        </h1>
        {props.lead !== undefined && <p class="lead">{props.lead}</p>}
      </div>
      {props.children !== undefined && <div class="actions">{props.children}</div>}
      <span class="visually-hidden" aria-live="polite">
        {`${props.title} · ${t.appName}`}
      </span>
    </div>
  )
}

export function useTitle(title: string): void {
  const { t } = useWords()
  useEffect(() => {
    document.title = `${title} · ${t.appName}`
  }, [title, t])
}
