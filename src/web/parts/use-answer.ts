/** Loads something from the service and reloads it on demand or on a beat. */
import { useCallback, useEffect, useRef, useState } from 'preact/hooks'
import { call } from '../api.ts'
import type { Answer, Problem } from '../api.ts'
import { useWords } from '../i18n.ts'

export interface Loaded<T> {
  readonly value: T | undefined
  readonly problem: Problem | undefined
  readonly reload: () => void
}

/** `path` undefined loads nothing; `everyMs` asks again until `done` says so. */
export function useAnswer<T>(
  path: string | undefined,
  beat?: { readonly everyMs: number; readonly done: (value: T) => boolean },
): Loaded<T> {
  const { locale } = useWords()
  const [answer, setAnswer] = useState<Answer<T> | undefined>(undefined)
  const [round, setRound] = useState(0)
  const beatRef = useRef(beat)
  beatRef.current = beat
  useEffect(() => {
    if (path === undefined) return undefined
    const abort = new AbortController()
    let timer: ReturnType<typeof setTimeout> | undefined
    const ask = async (): Promise<void> => {
      const next = await call<T>(locale, path, { signal: abort.signal })
      if (abort.signal.aborted) return
      setAnswer(next)
      const beating = beatRef.current
      if (beating !== undefined && next.ok && !beating.done(next.value)) {
        timer = setTimeout(() => void ask().catch(() => undefined), beating.everyMs)
      }
    }
    ask().catch(() => undefined)
    return () => {
      abort.abort()
      clearTimeout(timer)
    }
  }, [path, locale, round])
  const reload = useCallback(() => setRound((n) => n + 1), [])
  return {
    value: answer?.ok === true ? answer.value : undefined,
    problem: answer?.ok === false ? answer.problem : undefined,
    reload,
  }
}
