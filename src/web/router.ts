/** Addresses of pages. Only ids stand in them, never a value of a person. */
import { useEffect, useState } from 'preact/hooks'

const changed = 'yunqun:navigate'

let moved = false

/** Whether the page on show was reached from another one of ours. */
export const hasMoved = (): boolean => moved

export function navigate(path: string): void {
  moved = true
  history.pushState(null, '', path)
  dispatchEvent(new Event(changed))
  scrollTo(0, 0)
}

/** The page stays as it is and has another address from now on. */
export const replaceAddress = (path: string): void => history.replaceState(null, '', path)

export interface Place {
  readonly path: string
  /** Grows with each going, also to where one is already: a page that is asked for again begins anew. */
  readonly visit: number
}

export function usePlace(): Place {
  const [place, setPlace] = useState<Place>({ path: location.pathname, visit: 0 })
  useEffect(() => {
    const update = (): void =>
      setPlace(({ visit }) => ({ path: location.pathname, visit: visit + 1 }))
    addEventListener('popstate', update)
    addEventListener(changed, update)
    return () => {
      removeEventListener('popstate', update)
      removeEventListener(changed, update)
    }
  }, [])
  return place
}
