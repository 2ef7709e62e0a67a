/** A list that comes page by page. */
import type { ComponentChildren } from 'preact'
import { useCallback, useEffect, useState } from 'preact/hooks'
import { call } from '../api.ts'
import type { Problem } from '../api.ts'
import { useWords } from '../i18n.ts'
import type { Page } from '../shapes.ts'
import { useAnswer } from './use-answer.ts'

export interface Pages<T> {
  readonly items: readonly T[] | undefined
  readonly problem: Problem | undefined
  readonly reload: () => void
  /** The button for the next page, when there is one. */
  readonly more: ComponentChildren
}

/** `path` must not carry a cursor. `everyMs` asks for the first page again until `done`. */
export function usePages<T>(
  path: string,
  beat?: { readonly everyMs: number; readonly done: (items: readonly T[]) => boolean },
): Pages<T> {
  const { t, locale } = useWords()
  const first = useAnswer<Page<T>>(
    path,
    beat === undefined
      ? undefined
      : { everyMs: beat.everyMs, done: (page) => beat.done(page.items) },
  )
  const [later, setLater] = useState<Page<T> | undefined>(undefined)
  const [problem, setProblem] = useState<Problem | undefined>(undefined)
  useEffect(() => setLater(undefined), [path])
  const cursor = later === undefined ? first.value?.nextCursor : later.nextCursor
  const next = useCallback(async () => {
    const joint = path.includes('?') ? '&' : '?'
    const answer = await call<Page<T>>(
      locale,
      `${path}${joint}cursor=${encodeURIComponent(cursor ?? '')}`,
    )
    setProblem(answer.ok ? undefined : answer.problem)
    if (answer.ok)
      setLater((before) => ({
        items: [...(before?.items ?? []), ...answer.value.items],
        nextCursor: answer.value.nextCursor,
      }))
  }, [path, locale, cursor])
  return {
    items: first.value === undefined ? undefined : [...first.value.items, ...(later?.items ?? [])],
    problem: first.problem ?? problem,
    reload: first.reload,
    more:
      cursor === null || cursor === undefined ? null : (
        <p class="after-list">
          <button type="button" class="button" onClick={() => void next()}>
            {t.more}
          </button>
        </p>
      ),
  }
}
